#include "code_objects/neurongroup_run_regularly_1_codeobject_1.h"
#include "objects.h"
#include "brianlib/common_math.h"
#include "brianlib/stdint_compat.h"
#include<cmath>
#include<ctime>
#include<iostream>
#include<fstream>
#include<climits>

////// SUPPORT CODE ///////
namespace {
        
    inline double _rand(const int _vectorisation_idx) {
        return brian::_random_generators[0].rand();
    }
    double _loggam(double x) {
      double x0, x2, xp, gl, gl0;
      int32_t k, n;
      static double a[10] = {8.333333333333333e-02, -2.777777777777778e-03,
                             7.936507936507937e-04, -5.952380952380952e-04,
                             8.417508417508418e-04, -1.917526917526918e-03,
                             6.410256410256410e-03, -2.955065359477124e-02,
                             1.796443723688307e-01, -1.39243221690590e+00};
      x0 = x;
      n = 0;
      if ((x == 1.0) || (x == 2.0))
        return 0.0;
      else if (x <= 7.0) {
        n = (int32_t)(7 - x);
        x0 = x + n;
      }
      x2 = 1.0 / (x0 * x0);
      xp = 2 * M_PI;
      gl0 = a[9];
      for (k=8; k>=0; k--) {
        gl0 *= x2;
        gl0 += a[k];
      }
      gl = gl0 / x0 + 0.5 * log(xp) + (x0 - 0.5) * log(x0) - x0;
      if (x <= 7.0) {
        for (k=1; k<=n; k++) {
          gl -= log(x0 - 1.0);
          x0 -= 1.0;
        }
      }
      return gl;
    }
    int32_t _poisson_mult(double lam, int _vectorisation_idx) {
      int32_t X;
      double prod, U, enlam;
      enlam = exp(-lam);
      X = 0;
      prod = 1.0;
      while (1) {
        U = _rand(_vectorisation_idx);
        prod *= U;
        if (prod > enlam)
          X += 1;
        else
          return X;
      }
    }
    int32_t _poisson_ptrs(double lam, int _vectorisation_idx) {
      int32_t k;
      double U, V, slam, loglam, a, b, invalpha, vr, us;
      slam = sqrt(lam);
      loglam = log(lam);
      b = 0.931 + 2.53 * slam;
      a = -0.059 + 0.02483 * b;
      invalpha = 1.1239 + 1.1328 / (b - 3.4);
      vr = 0.9277 - 3.6224 / (b - 2);
      while (1) {
        U = _rand(_vectorisation_idx) - 0.5;
        V = _rand(_vectorisation_idx);
        us = 0.5 - abs(U);
        k = (int32_t)floor((2 * a / us + b) * U + lam + 0.43);
        if ((us >= 0.07) && (V <= vr))
          return k;
        if ((k < 0) || ((us < 0.013) && (V > us)))
          continue;
        if ((log(V) + log(invalpha) - log(a / (us * us) + b)) <=
            (-lam + k * loglam - _loggam(k + 1)))
          return k;
      }
    }
    int32_t _poisson(double lam, int32_t _idx) {
      if (lam >= 10)
        return _poisson_ptrs(lam, _idx);
      else if (lam == 0)
        return 0;
      else
        return _poisson_mult(lam, _idx);
    }
    template < typename T1, typename T2 > struct _higher_type;
    template < > struct _higher_type<int32_t,int32_t> { typedef int32_t type; };
    template < > struct _higher_type<int32_t,int64_t> { typedef int64_t type; };
    template < > struct _higher_type<int32_t,float> { typedef float type; };
    template < > struct _higher_type<int32_t,double> { typedef double type; };
    template < > struct _higher_type<int32_t,long double> { typedef long double type; };
    template < > struct _higher_type<int64_t,int32_t> { typedef int64_t type; };
    template < > struct _higher_type<int64_t,int64_t> { typedef int64_t type; };
    template < > struct _higher_type<int64_t,float> { typedef float type; };
    template < > struct _higher_type<int64_t,double> { typedef double type; };
    template < > struct _higher_type<int64_t,long double> { typedef long double type; };
    template < > struct _higher_type<float,int32_t> { typedef float type; };
    template < > struct _higher_type<float,int64_t> { typedef float type; };
    template < > struct _higher_type<float,float> { typedef float type; };
    template < > struct _higher_type<float,double> { typedef double type; };
    template < > struct _higher_type<float,long double> { typedef long double type; };
    template < > struct _higher_type<double,int32_t> { typedef double type; };
    template < > struct _higher_type<double,int64_t> { typedef double type; };
    template < > struct _higher_type<double,float> { typedef double type; };
    template < > struct _higher_type<double,double> { typedef double type; };
    template < > struct _higher_type<double,long double> { typedef long double type; };
    template < > struct _higher_type<long double,int32_t> { typedef long double type; };
    template < > struct _higher_type<long double,int64_t> { typedef long double type; };
    template < > struct _higher_type<long double,float> { typedef long double type; };
    template < > struct _higher_type<long double,double> { typedef long double type; };
    template < > struct _higher_type<long double,long double> { typedef long double type; };
    // General template, used for floating point types
    template < typename T1, typename T2 >
    static inline typename _higher_type<T1,T2>::type
    _brian_mod(T1 x, T2 y)
    {
        return x-y*floor(1.0*x/y);
    }
    // Specific implementations for integer types
    // (from Cython, see LICENSE file)
    template <>
    inline int32_t _brian_mod(int32_t x, int32_t y)
    {
        int32_t r = x % y;
        r += ((r != 0) & ((r ^ y) < 0)) * y;
        return r;
    }
    template <>
    inline int64_t _brian_mod(int32_t x, int64_t y)
    {
        int64_t r = x % y;
        r += ((r != 0) & ((r ^ y) < 0)) * y;
        return r;
    }
    template <>
    inline int64_t _brian_mod(int64_t x, int32_t y)
    {
        int64_t r = x % y;
        r += ((r != 0) & ((r ^ y) < 0)) * y;
        return r;
    }
    template <>
    inline int64_t _brian_mod(int64_t x, int64_t y)
    {
        int64_t r = x % y;
        r += ((r != 0) & ((r ^ y) < 0)) * y;
        return r;
    }
    // General implementation, used for floating point types
    template < typename T1, typename T2 >
    static inline typename _higher_type<T1,T2>::type
    _brian_floordiv(T1 x, T2 y)
    {{
        return floor(1.0*x/y);
    }}
    // Specific implementations for integer types
    // (from Cython, see LICENSE file)
    template <>
    inline int32_t _brian_floordiv<int32_t, int32_t>(int32_t a, int32_t b) {
        int32_t q = a / b;
        int32_t r = a - q*b;
        q -= ((r != 0) & ((r ^ b) < 0));
        return q;
    }
    template <>
    inline int64_t _brian_floordiv<int32_t, int64_t>(int32_t a, int64_t b) {
        int64_t q = a / b;
        int64_t r = a - q*b;
        q -= ((r != 0) & ((r ^ b) < 0));
        return q;
    }
    template <>
    inline int64_t _brian_floordiv<int64_t, int>(int64_t a, int32_t b) {
        int64_t q = a / b;
        int64_t r = a - q*b;
        q -= ((r != 0) & ((r ^ b) < 0));
        return q;
    }
    template <>
    inline int64_t _brian_floordiv<int64_t, int64_t>(int64_t a, int64_t b) {
        int64_t q = a / b;
        int64_t r = a - q*b;
        q -= ((r != 0) & ((r ^ b) < 0));
        return q;
    }
    #ifdef _MSC_VER
    #define _brian_pow(x, y) (pow((double)(x), (y)))
    #else
    #define _brian_pow(x, y) (pow((x), (y)))
    #endif

}

////// HASH DEFINES ///////



void _run_neurongroup_run_regularly_1_codeobject_1()
{
    using namespace brian;


    ///// CONSTANTS ///////////
    const double Hz = 1.0;
const size_t _numI0 = 2;
const int64_t N = 2;
const size_t _numdt = 1;
const double ms = 0.001;
const size_t _numt = 1;
const double w = 1.0000000000000002e-10;
    ///// POINTERS ////////////
        
    double* __restrict  _ptr_array_neurongroup_I0 = _array_neurongroup_I0;
    double*   _ptr_array_defaultclock_dt = _array_defaultclock_dt;
    double*   _ptr_array_defaultclock_t = _array_defaultclock_t;


    //// MAIN CODE ////////////
    // scalar code
    const size_t _vectorisation_idx = -1;
        
    const double dt = _ptr_array_defaultclock_dt[0];
    const double t = _ptr_array_defaultclock_t[0];
    const double _lio_1 = w * int_(t >= (10.0 * ms));
    const double _lio_2 = 3000.0 * (Hz * dt);


    const int _N = N;
    
    for(int _idx=0; _idx<_N; _idx++)
    {
        // vector code
        const size_t _vectorisation_idx = _idx;
                
        double I0 = _ptr_array_neurongroup_I0[_idx];
        I0 += _lio_1 * _poisson(_lio_2, _vectorisation_idx);
        _ptr_array_neurongroup_I0[_idx] = I0;

    }

}


