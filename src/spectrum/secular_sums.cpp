#include "spectrum/secular_sums.hpp"

#include "core/vectorise.hpp"
#include "spectrum/lanes.hpp"

namespace heddle {
namespace {

/// out = Σ c, Σ d c, Σ d c² with c = 1 / (z − λ_j), as real and imaginary parts.
HEDDLE_VECTORISE void add_poles(std::size_t n, const double* re, const double* im,
                                const double* d_re, const double* d_im, Complex base, Complex shift,
                                Lanes* out) {
    const double b_re = base.real(), b_im = base.imag(), s_re = shift.real(), s_im = shift.imag();
    Lanes sums[6] = {};
    for (std::size_t j = 0; j < n; j += lanes) {
        const Lanes x = (b_re - *reinterpret_cast<const StoredLanes*>(re + j)) + s_re;
        const Lanes y = (b_im - *reinterpret_cast<const StoredLanes*>(im + j)) + s_im;
        const Lanes m = 1.0 / (x * x + y * y);
        const Lanes c_re = x * m, c_im = -(y * m);
        const Lanes u = *reinterpret_cast<const StoredLanes*>(d_re + j);
        const Lanes v = *reinterpret_cast<const StoredLanes*>(d_im + j);
        const Lanes t_re = u * c_re - v * c_im, t_im = u * c_im + v * c_re;
        sums[0] += c_re;
        sums[1] += c_im;
        sums[2] += t_re;
        sums[3] += t_im;
        sums[4] += t_re * c_re - t_im * c_im;
        sums[5] += t_re * c_im + t_im * c_re;
    }
    for (int k = 0; k < 6; ++k) out[k] = sums[k];
}

HEDDLE_VECTORISE void add_inverses(std::size_t n, const double* re, const double* im, Complex z,
                                   Lanes* out) {
    const double z_re = z.real(), z_im = z.imag();
    Lanes sum_re = {}, sum_im = {};
    for (std::size_t j = 0; j < n; j += lanes) {
        const Lanes x = z_re - *reinterpret_cast<const StoredLanes*>(re + j);
        const Lanes y = z_im - *reinterpret_cast<const StoredLanes*>(im + j);
        const Lanes m = 1.0 / (x * x + y * y);
        sum_re += x * m;
        sum_im -= y * m;
    }
    out[0] = sum_re;
    out[1] = sum_im;
}

HEDDLE_VECTORISE void add_sizes(std::size_t n, const double* re, const double* im,
                                const double* sizes, Complex base, Complex shift, Lanes* out) {
    const double b_re = base.real(), b_im = base.imag(), s_re = shift.real(), s_im = shift.imag();
    Lanes sum = {};
    for (std::size_t j = 0; j < n; j += lanes) {
        const Lanes x = (b_re - *reinterpret_cast<const StoredLanes*>(re + j)) + s_re;
        const Lanes y = (b_im - *reinterpret_cast<const StoredLanes*>(im + j)) + s_im;
        const Lanes length = (x < 0.0 ? -x : x) + (y < 0.0 ? -y : y);
        sum += *reinterpret_cast<const StoredLanes*>(sizes + j) * length / (x * x + y * y);
    }
    *out = sum;
}

/// The least squared distance in every lane, and where.
HEDDLE_VECTORISE void find_nearest(std::size_t n, const double* re, const double* im, Complex z,
                                   Lanes* least, LaneCounts* where) {
    const double z_re = z.real(), z_im = z.imag();
    Lanes best = Lanes{} + SplitPoints::nowhere * SplitPoints::nowhere;
    LaneCounts at = {}, here = {0, 1, 2, 3};
    for (std::size_t j = 0; j < n; j += lanes) {
        const Lanes x = z_re - *reinterpret_cast<const StoredLanes*>(re + j);
        const Lanes y = z_im - *reinterpret_cast<const StoredLanes*>(im + j);
        const Lanes q = x * x + y * y;
        at = q < best ? here : at;
        best = q < best ? q : best;
        here += static_cast<std::int64_t>(lanes);
    }
    *least = best;
    *where = at;
}

/// A point moved out of every sum for a while.
class Hidden {
  public:
    Hidden(SplitPoints& points, Index i) : points_(points), index_(i), point_(0.0) {
        if (index_ < 0) return;
        point_ = points(i);
        points.set(i, {SplitPoints::nowhere, SplitPoints::nowhere});
    }
    ~Hidden() {
        if (index_ >= 0) points_.set(index_, point_);
    }
    Hidden(const Hidden&) = delete;
    Hidden& operator=(const Hidden&) = delete;
    Hidden(Hidden&&) = delete;
    Hidden& operator=(Hidden&&) = delete;

  private:
    SplitPoints& points_;
    Index index_;
    Complex point_;
};

}  // namespace

SplitPoints::SplitPoints(const ComplexVectorView& points) {
    const auto n = static_cast<std::size_t>(points.size());
    re.assign((n + lanes - 1) / lanes * lanes, nowhere);
    im = re;
    for (Index i = 0; i < points.size(); ++i) set(i, points(i));
}

SecularPoles::SecularPoles(const ComplexVectorView& poles, const ComplexVectorView& strengths)
    : poles_(poles), strengths_(strengths), sizes_(poles_.re.size(), 0.0) {
    for (auto j = static_cast<std::size_t>(poles.size()); j < sizes_.size(); ++j)
        strengths_.set(static_cast<Index>(j), 0.0);
    for (Index j = 0; j < strengths.size(); ++j)
        sizes_[static_cast<std::size_t>(j)] = std::abs(strengths(j));
}

PoleSums SecularPoles::sums(Index p, Complex shift) {
    const Complex base = poles_(p);
    const Hidden hidden(poles_, p);
    Lanes out[6];
    add_poles(sizes_.size(), poles_.re.data(), poles_.im.data(), strengths_.re.data(),
              strengths_.im.data(), base, shift, out);
    return {{total(out[0]), total(out[1])},
            {total(out[2]), total(out[3])},
            {total(out[4]), total(out[5])}};
}

double SecularPoles::magnitude(Index p, Complex shift) {
    const Complex base = poles_(p);
    const Hidden hidden(poles_, p);
    Lanes out;
    add_sizes(sizes_.size(), poles_.re.data(), poles_.im.data(), sizes_.data(), base, shift, &out);
    return total(out);
}

Index SecularPoles::nearest(Complex z, Index except) {
    const Hidden hidden(poles_, except);
    Lanes least;
    LaneCounts where;
    find_nearest(sizes_.size(), poles_.re.data(), poles_.im.data(), z, &least, &where);
    int best = 0;
    for (int k = 1; k < static_cast<int>(lanes); ++k)
        if (least[k] < least[best] || (least[k] == least[best] && where[k] < where[best])) best = k;
    return static_cast<Index>(where[best]);
}

Complex inverse_sum(SplitPoints& points, Index i, Complex z) {
    const Hidden hidden(points, i);
    Lanes out[2];
    add_inverses(points.re.size(), points.re.data(), points.im.data(), z, out);
    return {total(out[0]), total(out[1])};
}

}  // namespace heddle
