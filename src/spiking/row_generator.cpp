#include "heddle/spiking/row_generator.hpp"

#include "spiking/row_entries.hpp"
#include "spiking/row_plans.hpp"

namespace heddle {

struct RowGenerator::Parts {
    Parts(const Circuit& given, const Connectome& connectome)
        : circuit(given), plans(row_plans(circuit, connectome)) {}

    const Circuit circuit;
    RowPlans plans;
};

RowGenerator::RowGenerator(const Circuit& circuit, const Connectome& connectome)
    : parts_(std::make_unique<const Parts>(circuit, connectome)) {}

RowGenerator::RowGenerator(RowGenerator&&) noexcept = default;
RowGenerator& RowGenerator::operator=(RowGenerator&&) noexcept = default;
RowGenerator::~RowGenerator() = default;

void RowGenerator::row(std::size_t block, std::size_t population, std::uint32_t source,
                       DrawnRows& out) const {
    RowEntries drawn(parts_->plans.sources[population]);
    drawn.draw(source, block);
    out.starts.clear();
    out.cells.clear();
    out.weights.clear();
    drawn.append_to(out, block);
}

}  // namespace heddle
