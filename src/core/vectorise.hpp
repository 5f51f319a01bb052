#pragma once

#include <cstddef>  // defines __GLIBC__

/// Marks a loop kernel to be compiled for AVX2 as well as for the baseline; the loader picks what
/// the processor has. Kernels so marked must have no reductions: then both versions give the same
/// bits (the build forbids contraction to fused multiply-adds).
///
/// HEDDLE_VECTORISE_WIDE adds AVX-512, for kernels that are bound by arithmetic; they may say
/// std::fma, which is one instruction in the wide versions and the same bits everywhere.
///
/// Sanitisers are left out because their runtime is not yet up when the loader picks.
#if defined(__GNUC__) && defined(__x86_64__) && defined(__GLIBC__) && \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define HEDDLE_VECTORISE __attribute__((target_clones("avx2", "default")))
#define HEDDLE_VECTORISE_WIDE \
    __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define HEDDLE_VECTORISE
#define HEDDLE_VECTORISE_WIDE
#endif

/// A small function that must become part of the kernel that calls it, to be compiled with it.
#if defined(__GNUC__)
#define HEDDLE_INLINE inline __attribute__((always_inline))
#define HEDDLE_INLINE_LAMBDA __attribute__((always_inline))
#else
#define HEDDLE_INLINE inline
#define HEDDLE_INLINE_LAMBDA
#endif

/// Before a loop over few things within a loop that is vectorised: written out, so that it can be.
#if defined(__GNUC__) && !defined(__clang__)
#define HEDDLE_UNROLL _Pragma("GCC unroll 4")
#elif defined(__clang__)
#define HEDDLE_UNROLL _Pragma("clang loop unroll(full)")
#else
#define HEDDLE_UNROLL
#endif

/// Before a loop whose arrays do not overlap: what __restrict says of parameters, for pointers that
/// come out of a struct or a lambda.
#if defined(__GNUC__) && !defined(__clang__)
#define HEDDLE_INDEPENDENT _Pragma("GCC ivdep")
#elif defined(__clang__)
#define HEDDLE_INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#else
#define HEDDLE_INDEPENDENT
#endif
