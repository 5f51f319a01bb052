#pragma once

/// What is the same in all files for AUTO-07p.
namespace heddle::auto_text {

inline constexpr const char* signum = R"(double precision function signum(x)
  implicit none
  double precision, intent(in) :: x
  signum = 0d0
  if (x > 0d0) signum = 1d0
  if (x < 0d0) signum = -1d0
end function signum

)";

inline constexpr const char* normal_below = R"(! The standard normal law up to x.
double precision function normal_below(x)
  implicit none
  double precision, intent(in) :: x
  normal_below = 0.5d0 * erfc(-x / sqrt(2d0))
end function normal_below

)";

inline constexpr const char* softplus = R"(! The derivative of that order of log(1 + exp(x)).
double precision function softplus(order, x)
  implicit none
  integer, intent(in) :: order
  double precision, intent(in) :: x
  double precision :: e, s, total, series(0:order + 1), next(0:order + 1)
  integer :: j, k
  e = exp(-abs(x))
  if (order == 0) then
    ! log(1 + e), accurate where e is small.
    softplus = max(x, 0d0)
    if (1d0 + e > 1d0) softplus = softplus + log(1d0 + e) * (e / ((1d0 + e) - 1d0))
    if (1d0 + e <= 1d0) softplus = softplus + e
    return
  end if
  s = e / (1d0 + e)
  if (order == 1) then
    softplus = s
    if (x >= 0d0) softplus = 1d0 / (1d0 + e)
    return
  end if
  ! Those of s = 1 / (1 + exp(-x)) are polynomials in s, as s' = s - s**2; s is taken where small.
  series = 0d0
  series(1) = 1d0
  do k = 2, order
    next = 0d0
    do j = 1, k - 1
      next(j) = next(j) + j * series(j)
      next(j + 1) = next(j + 1) - j * series(j)
    end do
    series = next
  end do
  total = 0d0
  do j = order, 0, -1
    total = total * s + series(j)
  end do
  softplus = total
  if (x > 0d0 .and. mod(order, 2) == 1) softplus = -total
end function softplus

)";

inline constexpr const char* softplus_mean =
    R"(! The mean of softplus(order, u + sqrt(w) z), z standard normal: trapezoidal rule.
double precision function softplus_mean(order, u, w)
  implicit none
  integer, intent(in) :: order
  double precision, intent(in) :: u, w
  double precision, external :: softplus
  double precision :: deviation, spacing, z, total
  integer :: k, nodes
  if (w <= 0d0) then
    softplus_mean = softplus(order, u)
    return
  end if
  deviation = sqrt(w)
  spacing = min(0.6d0, 0.5d0 / deviation)
  nodes = ceiling(9d0 / spacing)
  total = 0d0
  do k = -nodes, nodes
    z = k * spacing
    total = total + exp(-0.5d0 * z * z) * softplus(order, u + deviation * z)
  end do
  softplus_mean = spacing * total / sqrt(8d0 * atan(1d0))
end function softplus_mean

)";

inline constexpr const char* rectified_mean =
    R"(! The mean of the derivative of that order of max(x, 0), x = u + sqrt(w) z, z standard normal.
double precision function rectified_mean(order, u, w)
  implicit none
  integer, intent(in) :: order
  double precision, intent(in) :: u, w
  double precision, external :: normal_below
  double precision :: deviation, density, x, before, now, next
  integer :: k
  if (w <= 0d0) then
    rectified_mean = 0d0
    if (order == 0) rectified_mean = max(u, 0d0)
    if (order == 1 .and. u > 0d0) rectified_mean = 1d0
    return
  end if
  deviation = sqrt(w)
  x = u / deviation
  density = exp(-0.5d0 * x * x) / sqrt(8d0 * atan(1d0))
  if (order == 0) then
    rectified_mean = u * normal_below(x) + deviation * density
  else if (order == 1) then
    rectified_mean = normal_below(x)
  else
    before = 0d0
    now = 1d0
    do k = 0, order - 3
      next = x * now - k * before
      before = now
      now = next
    end do
    rectified_mean = (-1d0)**order * now * density / deviation**(order - 1)
  end if
end function rectified_mean

)";

inline constexpr const char* equations =
    R"(@head@! Equations for AUTO-07p; its constants are in c.@name@.

@helpers@subroutine func(ndim, u, icp, par, ijac, f, dfdu, dfdp)
  implicit none
  integer, intent(in) :: ndim, icp(*), ijac
  double precision, intent(in) :: u(ndim), par(*)
  double precision, intent(out) :: f(ndim)
  double precision, intent(inout) :: dfdu(ndim, ndim), dfdp(ndim, *)
@functions@@locals@
@changes@
  if (ijac == 0) return
  dfdu = 0d0
@state_slopes@
  if (ijac == 1) return
@zeros@@parameter_slopes@end subroutine func

subroutine stpnt(ndim, u, par, t)
  implicit none
  integer, intent(in) :: ndim
  double precision, intent(inout) :: u(ndim), par(*)
  double precision, intent(in) :: t
@parameters@
@state@end subroutine stpnt

subroutine bcnd
end subroutine bcnd

subroutine icnd
end subroutine icnd

subroutine fopt
end subroutine fopt

subroutine pvls
end subroutine pvls
)";

inline constexpr const char* constants = R"(# Constants for @name@.f90: an equilibrium along @free@.
unames = {@unames@}
parnames = {@parnames@}
NDIM = @ndim@, IPS = 1, IRS = 0, ILP = 1
ICP = ['@free@']
NTST = 50, NCOL = 4, IAD = 3, ISP = 2, ISW = 1, IPLT = 0, NBC = 0, NINT = 0
NMX = 1000, NPR = 100, MXBF = 10, IID = 2, ITMX = 9, ITNW = 7, NWTN = 3, JAC = 1
EPSL = 1e-8, EPSU = 1e-8, EPSS = 1e-6
DS = @ds@, DSMIN = @dsmin@, DSMAX = @dsmax@, IADS = 1
NPAR = @npar@, THL = {}, THU = {}
UZSTOP = {}
)";

}  // namespace heddle::auto_text
