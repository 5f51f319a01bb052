#pragma once

#include "heddle/linalg/types.hpp"

/// The LAPACK routines the library calls, by their Fortran symbols: nothing but LAPACK itself is
/// needed, and the names are those of its documentation. The hidden lengths of character arguments
/// are left out, as every C caller does; each character here is a single one, and no routine reads
/// its length.
extern "C" {
// clang-format off
void dgeev_(const char* jobvl, const char* jobvr, const int* n, double* a, const int* lda, double* wr, double* wi,
            double* vl, const int* ldvl, double* vr, const int* ldvr, double* work, const int* lwork, int* info);
void dgees_(const char* jobvs, const char* sort, int (*select)(const double*, const double*), const int* n, double* a,
            const int* lda, int* sdim, double* wr, double* wi, double* vs, const int* ldvs, double* work,
            const int* lwork, int* bwork, int* info);
void zgees_(const char* jobvs, const char* sort, int (*select)(const std::complex<double>*), const int* n,
            std::complex<double>* a, const int* lda, int* sdim, std::complex<double>* w, std::complex<double>* vs,
            const int* ldvs, std::complex<double>* work, const int* lwork, double* rwork, int* bwork, int* info);
void dtrsen_(const char* job, const char* compq, const int* select, const int* n, double* t, const int* ldt, double* q,
             const int* ldq, double* wr, double* wi, int* m, double* s, double* sep, double* work, const int* lwork,
             int* iwork, const int* liwork, int* info);
void dtrsyl_(const char* trana, const char* tranb, const int* isgn, const int* m, const int* n, const double* a,
             const int* lda, const double* b, const int* ldb, double* c, const int* ldc, double* scale, int* info);
void dgehrd_(const int* n, const int* ilo, const int* ihi, double* a, const int* lda, double* tau, double* work,
             const int* lwork, int* info);
void dorghr_(const int* n, const int* ilo, const int* ihi, double* a, const int* lda, const double* tau, double* work,
             const int* lwork, int* info);
void dgeqrf_(const int* m, const int* n, double* a, const int* lda, double* tau, double* work, const int* lwork,
             int* info);
void dorgqr_(const int* m, const int* n, const int* k, double* a, const int* lda, const double* tau, double* work,
             const int* lwork, int* info);
void dormqr_(const char* side, const char* trans, const int* m, const int* n, const int* k, const double* a,
             const int* lda, const double* tau, double* c, const int* ldc, double* work, const int* lwork, int* info);
void dtrtrs_(const char* uplo, const char* trans, const char* diag, const int* n, const int* nrhs, const double* a,
             const int* lda, double* b, const int* ldb, int* info);
void dgetrf_(const int* m, const int* n, double* a, const int* lda, int* ipiv, int* info);
void dgetrs_(const char* trans, const int* n, const int* nrhs, const double* a, const int* lda, const int* ipiv,
             double* b, const int* ldb, int* info);
void zgesv_(const int* n, const int* nrhs, std::complex<double>* a, const int* lda, int* ipiv,
            std::complex<double>* b, const int* ldb, int* info);
void dgecon_(const char* norm, const int* n, const double* a, const int* lda, const double* anorm, double* rcond,
             double* work, int* iwork, int* info);
void dpotrf_(const char* uplo, const int* n, double* a, const int* lda, int* info);
void dsyevd_(const char* jobz, const char* uplo, const int* n, double* a, const int* lda, double* w, double* work,
             const int* lwork, int* iwork, const int* liwork, int* info);
void dstev_(const char* jobz, const int* n, double* d, double* e, double* z, const int* ldz, double* work, int* info);
void dgesdd_(const char* jobz, const int* m, const int* n, double* a, const int* lda, double* s, double* u,
             const int* ldu, double* vt, const int* ldvt, double* work, const int* lwork, int* iwork, int* info);
void zgesdd_(const char* jobz, const int* m, const int* n, std::complex<double>* a, const int* lda, double* s,
             std::complex<double>* u, const int* ldu, std::complex<double>* vt, const int* ldvt,
             std::complex<double>* work, const int* lwork, double* rwork, int* iwork, int* info);
void dlacn2_(const int* n, double* v, double* x, int* isgn, double* est, int* kase, int* isave);
// clang-format on
}

namespace heddle::lapack {

/// One BLAS thread from now on, if BLAS is OpenBLAS: the bits of its results change with their
/// number, and the library's own parallelism is over independent work. Every routine of this module
/// calls it; a routine that only multiplies large matrices calls it first.
void use_one_blas_thread();

/// A dimension as LAPACK takes it; at least 1 where LAPACK wants that (`leading`).
/// \throws DomainError if it does not fit.
[[nodiscard]] int size(Index n);
[[nodiscard]] int leading(Index n);

/// Calls `routine(work, lwork, info)` twice: for the workspace it wants, then for the result.
/// \return the second call's info.
template <typename Scalar = double, typename Routine>
int with_workspace(const Routine& routine) {
    use_one_blas_thread();
    int info = 0;
    Scalar wanted{};
    int length = -1;
    routine(&wanted, &length, &info);
    length = leading(static_cast<Index>(std::real(wanted)));
    Eigen::Matrix<Scalar, Eigen::Dynamic, 1> work(length);
    routine(work.data(), &length, &info);
    return info;
}

}  // namespace heddle::lapack
