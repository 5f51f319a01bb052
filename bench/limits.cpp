// What one core of this machine can do: copy memory, and add to random places.
//
//     copy     GB/s read and written, arrays of 256 MiB
//     scatter  ns for x[target[k]] += w, 1,000 16-bit targets of each source in rising order, as
//              synapses are stored, x of 4 kB to 256 kB
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <random>
#include <vector>

namespace {

double seconds() {
    using clock = std::chrono::steady_clock;
    return std::chrono::duration<double>(clock::now().time_since_epoch()).count();
}

double copy_rate() {
    const std::size_t n = std::size_t{1} << 25;
    std::vector<double> from(n, 1.0), to(n, 0.0);
    double best = 1e300;
    for (int k = 0; k < 7; ++k) {
        const double start = seconds();
        for (std::size_t i = 0; i < n; ++i) to[i] = from[i] * 1.0000001;
        best = std::min(best, seconds() - start);
        from[static_cast<std::size_t>(k)] = to[n - 1];
    }
    return 16e-9 * static_cast<double>(n) / best;
}

double scatter_time(std::size_t targets) {
    const std::size_t indegree = 1000, sources = 40'000;
    std::mt19937 random(1);
    std::vector<std::uint16_t> target(indegree * sources);
    for (auto& t : target)
        t = static_cast<std::uint16_t>(random() % std::min<std::size_t>(targets, 65536));
    for (std::size_t s = 0; s < sources; ++s) {
        const auto row = target.begin() + static_cast<std::ptrdiff_t>(s * indegree);
        std::sort(row, row + indegree);
    }
    std::vector<float> x(targets, 0.0F);
    double best = 1e300;
    for (int k = 0; k < 5; ++k) {
        const double start = seconds();
        for (std::size_t s = 0; s < sources; ++s) {
            const std::uint16_t* row = target.data() + ((s * 7919) % sources) * indegree;
            for (std::size_t j = 0; j < indegree; ++j) x[row[j]] += 0.1F;
        }
        best = std::min(best, seconds() - start);
    }
    volatile float keep = x[0];
    (void)keep;
    return 1e9 * best / static_cast<double>(indegree * sources);
}

}  // namespace

int main() {
    std::printf("{\"copy_gb_s\": %.2f", copy_rate());
    for (const std::size_t targets : {1000, 10'000, 65'536})
        std::printf(", \"scatter_ns_%zu\": %.3f", targets, scatter_time(targets));
    std::printf("}\n");
}
