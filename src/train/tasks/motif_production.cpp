#include "heddle/train/tasks/motif_production.hpp"

#include <string>

#include "heddle/core/error.hpp"
#include "train/tasks/phases.hpp"
#include "train/tasks/timeline.hpp"

namespace heddle {
namespace {

/// Motif i mod M for trial i.
std::vector<MotifOrder> orders_of(const MotifProduction& production, const TaskBatch& batch) {
    std::vector<MotifOrder> orders;
    for (Index i = 0; i < batch.trials; ++i)
        orders.push_back({i % static_cast<Index>(production.motifs.size())});
    return orders;
}

Index length_of(const SequenceProduction& production) {
    return production.orders.empty() ? production.length
                                     : static_cast<Index>(production.orders.front().size());
}

void check_orders(const SequenceProduction& production) {
    const auto motifs = static_cast<Index>(production.motifs.motifs.size());
    for (std::size_t k = 0; k < production.orders.size(); ++k) {
        const MotifOrder& order = production.orders[k];
        const std::string name = "orders[" + std::to_string(k) + "]";
        if (order.empty() || order.size() != production.orders.front().size())
            throw DomainError(name + ": found " + std::to_string(order.size()) +
                              " motifs, expected as many as in orders[0], at least one");
        for (const Index motif : order)
            if (motif < 0 || motif >= motifs)
                throw DomainError(name + ": found index " + std::to_string(motif) +
                                  ", expected one of " + std::to_string(motifs) +
                                  " motifs, counted from 0");
    }
}

void check(const SequenceProduction& production, const TaskBatch& batch) {
    check(production.motifs, batch);
    check_orders(production);
    if (!production.orders.empty()) return;
    if (production.length < 1)
        throw DomainError("length: found " + std::to_string(production.length) +
                          ", expected at least 1");
    if (!production.repeats && production.motifs.motifs.size() == 1 && production.length > 1)
        throw DomainError("repeats: found false with one motif, expected true or more motifs");
}

/// Evenly distributed; without repeats, over the motifs but the one before.
MotifOrder draw_order(const SequenceProduction& production, const TrialRandom& random) {
    const auto motifs = static_cast<Index>(production.motifs.motifs.size());
    MotifOrder order{random.below(motifs, 0)};
    for (Index k = 1; k < production.length; ++k) {
        if (production.repeats) {
            order.push_back(random.below(motifs, k));
            continue;
        }
        const Index other = random.below(motifs - 1, k);
        order.push_back(other < order.back() ? other : other + 1);
    }
    return order;
}

std::vector<MotifOrder> orders_of(const SequenceProduction& production, const TaskBatch& batch) {
    std::vector<MotifOrder> orders;
    for (Index i = 0; i < batch.trials; ++i)
        orders.push_back(
            production.orders.empty()
                ? draw_order(production, TrialRandom("sequence production", batch, i))
                : production.orders[static_cast<std::size_t>(i) % production.orders.size()]);
    return orders;
}

TrialConditions conditions_of(const std::vector<MotifOrder>& orders,
                              std::vector<std::string> names) {
    TrialConditions found{std::move(names), {}};
    found.values.resize(static_cast<Index>(orders.size()), static_cast<Index>(found.names.size()));
    for (std::size_t i = 0; i < orders.size(); ++i)
        for (std::size_t k = 0; k < orders[i].size(); ++k)
            found.values(static_cast<Index>(i), static_cast<Index>(k)) =
                static_cast<double>(orders[i][k]);
    return found;
}

}  // namespace

TrainingTask make_task(const MotifProduction& production, const TaskBatch& batch) {
    check(production, batch);
    return task_of(production, batch, orders_of(production, batch));
}

TrialConditions trial_conditions(const MotifProduction& production, const TaskBatch& batch) {
    check(production, batch);
    return conditions_of(orders_of(production, batch), {"motif"});
}

TaskScore task_score(const MotifProduction& production, const TrainingTask& task,
                     const MatrixView& outputs) {
    check(production, TaskBatch{});
    return score_of(production, task, outputs, 1);
}

TrainingTask make_task(const SequenceProduction& production, const TaskBatch& batch) {
    check(production, batch);
    return task_of(production.motifs, batch, orders_of(production, batch));
}

TrialConditions trial_conditions(const SequenceProduction& production, const TaskBatch& batch) {
    check(production, batch);
    std::vector<std::string> names;
    for (Index k = 0; k < length_of(production); ++k) names.push_back("motif" + std::to_string(k));
    return conditions_of(orders_of(production, batch), std::move(names));
}

TaskScore task_score(const SequenceProduction& production, const TrainingTask& task,
                     const MatrixView& outputs) {
    check(production, TaskBatch{});
    return score_of(production.motifs, task, outputs, length_of(production));
}

}  // namespace heddle
