#pragma once

/// Marks a loop kernel to be compiled for AVX2 as well as for the baseline; the loader picks what
/// the processor has. Kernels so marked must have no reductions: then both versions give the same
/// bits (the build forbids contraction to fused multiply-adds).
///
/// Sanitisers are left out because their runtime is not yet up when the loader picks.
#if defined(__GNUC__) && defined(__x86_64__) && defined(__GLIBC__) && \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define HEDDLE_VECTORISE __attribute__((target_clones("avx2", "default")))
#else
#define HEDDLE_VECTORISE
#endif
