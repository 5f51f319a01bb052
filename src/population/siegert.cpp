#include "heddle/population/siegert.hpp"

#include <array>
#include <cmath>
#include <string>
#include <utility>

#include "heddle/core/error.hpp"
#include "network/checks.hpp"
#include "population/siegert_point.hpp"

namespace heddle {
namespace {

constexpr double highest_frequency = 1e9;  // Hz

double at(const Vector& values, Index i) {
    return values[values.size() == 1 ? 0 : i];
}

/// Arguments of one length, each of them good.
class Neurons {
  public:
    Neurons(const LeakyDrive& drive, const Vector& tau_s) : drive_(drive), tau_s_(tau_s) {
        for (const auto& [name, values] : named())
            if (values->size() != 1) size_ = values->size();
        for (const auto& [name, values] : named())
            if (values->size() != 1 && values->size() != size_)
                throw ShapeError(name, std::to_string(size_) + ", as the others, or 1",
                                 std::to_string(values->size()));
        check("mu", drive.mu, "a finite number", [](double) { return true; });
        check("V_th", drive.V_th, "a finite number", [](double) { return true; });
        check("V_reset", drive.V_reset, "a finite number", [](double) { return true; });
        check("sigma", drive.sigma, "> 0", [](double x) { return x > 0.0; });
        check("tau_m", drive.tau_m, "> 0", [](double x) { return x > 0.0; });
        check("t_ref", drive.t_ref, "≥ 0", [](double x) { return x >= 0.0; });
        check("tau_s", tau_s, "≥ 0", [](double x) { return x >= 0.0; });
        for (Index i = 0; i < size_; ++i)
            if (!(at(drive.V_reset, i) < at(drive.V_th, i)))
                refuse("V_reset", at(drive.V_reset, i), "below V_th");
    }

    [[nodiscard]] Index size() const { return size_; }

    [[nodiscard]] SiegertPoint operator[](Index i) const {
        return {at(drive_.mu, i),      at(drive_.sigma, i), at(drive_.tau_m, i), at(drive_.V_th, i),
                at(drive_.V_reset, i), at(drive_.t_ref, i), at(tau_s_, i)};
    }

  private:
    using Named = std::pair<const char*, const Vector*>;

    [[nodiscard]] std::array<Named, 7> named() const {
        return {{{"mu", &drive_.mu},
                 {"sigma", &drive_.sigma},
                 {"tau_m", &drive_.tau_m},
                 {"V_th", &drive_.V_th},
                 {"V_reset", &drive_.V_reset},
                 {"t_ref", &drive_.t_ref},
                 {"tau_s", &tau_s_}}};
    }

    template <class Good>
    static void check(const char* name, const Vector& values, const char* expected, Good good) {
        for (const double value : values)
            if (!std::isfinite(value) || !good(value)) refuse(name, value, expected);
    }

    [[noreturn]] static void refuse(const char* name, double found, const char* expected) {
        throw DomainError(std::string(name) + " is " + number_text(found) + "; expected " +
                          expected);
    }

    const LeakyDrive& drive_;
    const Vector& tau_s_;
    Index size_ = 1;
};

SiegertRates rates_by(SiegertValue (*law)(const SiegertPoint&), const LeakyDrive& drive,
                      const Vector& tau_s) {
    const Neurons neurons(drive, tau_s);
    SiegertRates found{Vector(neurons.size()), Vector(neurons.size()), Vector(neurons.size())};
    for (Index i = 0; i < neurons.size(); ++i) {
        const SiegertValue value = law(neurons[i]);
        found.rate[i] = value.rate;
        found.d_mu[i] = value.d_mu;
        found.d_sigma[i] = value.d_sigma;
    }
    return found;
}

}  // namespace

SiegertRates shifted_siegert_rates(const LeakyDrive& drive, const VectorView& tau_s) {
    return rates_by(siegert_at, drive, tau_s);
}

SiegertRates siegert_rates(const LeakyDrive& drive) {
    return shifted_siegert_rates(drive, Vector::Zero(1));
}

SiegertRates taylor_siegert_rates(const LeakyDrive& drive, const VectorView& tau_s) {
    return rates_by(taylor_at, drive, tau_s);
}

ComplexMatrix siegert_susceptibility(const LeakyDrive& drive, const VectorView& tau_s,
                                     const VectorView& f) {
    check_finite(f, "f");
    for (const double frequency : f)
        if (std::abs(frequency) > highest_frequency)
            throw DomainError("f is " + number_text(frequency) +
                              " Hz; expected at most 1e9 Hz, where its limit is reached");
    const Vector times = tau_s;
    const Neurons neurons(drive, times);
    ComplexMatrix found(neurons.size(), f.size());
    for (Index i = 0; i < neurons.size(); ++i) {
        const SiegertPoint point = neurons[i];
        const double rate = siegert_at(point).rate;
        for (Index k = 0; k < f.size(); ++k) found(i, k) = susceptibility_at(point, rate, f[k]);
    }
    return found;
}

}  // namespace heddle
