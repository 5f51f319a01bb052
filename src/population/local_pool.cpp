#include "population/local_pool.hpp"

#include "circuit/checks.hpp"
#include "population/in_weights.hpp"
#include "population/rate_unit.hpp"

namespace heddle {

std::string check_pool(const Circuit& circuit, const std::string& pool) {
    const Population& population = circuit.populations[population_index(circuit, pool, "pools")];
    const Subject subject = subject_of(population);
    std::string partner;
    int forth = 0;
    int back = 0;
    for (std::size_t k = 0; k < circuit.projections.size(); ++k) {
        const Projection& item = circuit.projections[k];
        const bool into = item.target == pool;
        if (!into && item.source != pool) continue;
        const std::string& other = into ? item.source : item.target;
        subject.require(other != pool,
                        "its neurons connect to each other, and a pool that follows its input at "
                        "once cannot; leave that projection out, or use rate_unit_equations");
        subject.require(partner.empty() || other == partner,
                        "it is connected to '" + partner + "' and to '" + other +
                            "'; a pool is private to one population");
        partner = other;
        const double mean = in_weights(circuit, k).mean;
        subject.require(into == (mean > 0.0), "the mean in-weight of '" + item.source + "' → '" +
                                                  item.target +
                                                  "' has the wrong sign; a pool is "
                                                  "excited, and inhibits");
        ++(into ? forth : back);
    }
    subject.require(forth == 1 && back == 1,
                    "a pool has one projection from its population and one back; it has " +
                        std::to_string(forth) + " and " + std::to_string(back));
    check_forgetful(population, "a pool");
    subject.require(population.adaptation.empty(),
                    "it adapts, which is not fast; leave its adaptation out, or use "
                    "rate_unit_equations");
    return partner;
}

void check_loop(const Circuit& circuit, const std::string& excitatory, const std::string& pool) {
    (void)population_index(circuit, excitatory, "excitatory");
    const std::string partner = check_pool(circuit, pool);
    subject_of(circuit.populations[population_index(circuit, pool)])
        .require(partner == excitatory,
                 "it is the pool of '" + partner + "', not of '" + excitatory + "'");
}

}  // namespace heddle
