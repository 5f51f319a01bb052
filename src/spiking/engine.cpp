#include "spiking/engine.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <exception>
#include <mutex>
#include <thread>

#include "heddle/core/error.hpp"
#include "heddle/core/similar.hpp"
#include "network/checks.hpp"
#include "spiking/connect_memory.hpp"
#include "spiking/meeting.hpp"

namespace heddle {
namespace {

/// Spikes of a window must be known to all before the next: it is no longer than the least delay,
/// nor than what a recorder should wait for.
std::uint64_t window_of(const Connectome& connectome) {
    constexpr std::uint64_t most = 32;
    const bool alone = connectome.synapses == 0 && !connectome.regenerated;
    return alone ? most : std::min<std::uint64_t>(connectome.least_delay, most);
}

Scratch scratch_for(const Circuit& circuit) {
    Scratch scratch{};
    std::size_t ports = 0;
    std::size_t adaptations = 0;
    for (std::size_t a = 0; a < circuit.populations.size(); ++a) {
        ports = std::max(ports, ports_of(circuit, a).size());
        adaptations = std::max(adaptations, circuit.populations[a].adaptation.size());
    }
    for (auto* arrays : {&scratch.arrived, &scratch.before, &scratch.x_before})
        arrays->resize(ports);
    scratch.adapted.resize(adaptations);
    return scratch;
}

}  // namespace

Engine::Engine(const Circuit& circuit, const Connectome& connectome, const SimulateOptions& options,
               const SpikeSink& sink)
    : circuit_(circuit),
      options_(options),
      transient_(steps_in(options.transient, options.step)),
      steps_(transient_ + steps_in(options.duration, options.step)),
      window_(window_of(connectome)),
      sample_every_(std::max<std::uint64_t>(
          1, steps_in(options.probe_interval > 0.0 ? options.probe_interval : options.bin,
                      options.step))),
      history_(connectome.most_delay + 2 * window_, circuit.populations.size(),
               connectome.blocks.size()),
      in_flight_(connectome.regenerated
                     ? std::make_unique<RowsInFlight>(circuit, connectome, options.memory)
                     : nullptr),
      recorder_(circuit, options, sink) {
    const bool grid = options.spike_times == SpikeTimes::grid;
    for (std::size_t b = 0; b < connectome.blocks.size(); ++b) {
        const Block& block = connectome.blocks[b];
        auto part = std::make_unique<Part>(
            Part{&block, Delivery(block, b, in_flight_.get()), {}, scratch_for(circuit), 0});
        for (const Slice& slice : block.slices)
            part->groups.push_back(make_group(circuit, slice, options.step, grid, options.seed));
        parts_.push_back(std::move(part));
    }
    find_traces();
}

void Engine::find_traces() {
    const auto samples = static_cast<Index>((steps_ - transient_) / sample_every_);
    for (std::size_t p = 0; p < options_.probes.size(); ++p) {
        const Probe& probe = options_.probes[p];
        const std::size_t population = population_index(circuit_, probe.population, "probe");
        samples_.push_back(Matrix::Zero(static_cast<Index>(probe.neurons.size()), samples));
        for (std::size_t row = 0; row < probe.neurons.size(); ++row)
            for (std::size_t b = 0; b < parts_.size(); ++b)
                for (std::size_t g = 0; g < parts_[b]->groups.size(); ++g) {
                    const Slice& slice = parts_[b]->block->slices[g];
                    const auto neuron = static_cast<Index>(probe.neurons[row]);
                    if (slice.population != population || neuron < slice.first ||
                        neuron >= slice.first + slice.count)
                        continue;
                    const auto names = parts_[b]->groups[g]->variables();
                    if (std::ranges::find(names, probe.variable) == names.end())
                        throw DomainError("probe of population '" + probe.population +
                                          "': there is no variable '" + probe.variable + "'" +
                                          did_you_mean(probe.variable, names));
                    traces_.push_back({b, g, probe.neurons[row], p, static_cast<Index>(row)});
                }
    }
}

void Engine::sample(std::size_t part, std::uint64_t step) {
    if (step < transient_ || (step + 1 - transient_) % sample_every_ != 0) return;
    const auto column = static_cast<Index>((step + 1 - transient_) / sample_every_ - 1);
    for (const Trace& trace : traces_)
        if (trace.part == part)
            samples_[trace.probe](trace.row, column) = parts_[part]->groups[trace.group]->value(
                options_.probes[trace.probe].variable, trace.neuron);
}

void Engine::advance(std::size_t number, std::uint64_t first, std::uint64_t last) {
    Part& part = *parts_[number];
    const bool grid = options_.spike_times == SpikeTimes::grid;
    for (std::uint64_t step = first; step < last; ++step) {
        const std::int64_t events = part.delivery.deliver(step, history_);
        if (step >= transient_) part.events += events;
        for (std::size_t a = 0; a < circuit_.populations.size(); ++a)
            history_.at(step, a, number).clear();
        const Step now{step, static_cast<double>(step) * options_.step, options_.step, grid};
        for (std::size_t g = 0; g < part.groups.size(); ++g)
            part.groups[g]->advance(now, part.delivery.cells(), part.scratch,
                                    history_.at(step, part.block->slices[g].population, number));
        if (!traces_.empty()) sample(number, step);
    }
}

bool Engine::out_of_memory() const {
    return in_flight_ != nullptr && in_flight_->full();
}

std::string Engine::why_ended(std::uint64_t step) const {
    if (!out_of_memory()) return "ended early, as asked";
    const double time =
        (static_cast<double>(step) - static_cast<double>(transient_)) * options_.step;
    return "stopped at " + number_text(time) +
           " ms: the synapses of the spikes in flight outgrew the " + gibibytes(options_.memory) +
           " that they may use; more memory, shorter delays or fewer spikes at a time would let it "
           "go on";
}

SpikeRecording Engine::run(std::size_t threads, const Progress& progress) {
    threads = std::clamp<std::size_t>(threads, 1, parts_.size());
    std::uint64_t first = 0;
    std::uint64_t last = std::min(window_, steps_);
    bool stop = steps_ == 0;
    bool asked = false;
    std::exception_ptr error;
    std::mutex error_mutex;
    std::atomic<std::size_t> next_list = 0;
    const auto keep_error = [&](const auto& work) {
        try {
            work();
        } catch (...) {
            const std::scoped_lock lock(error_mutex);
            if (!error) error = std::current_exception();
        }
    };
    // Between two windows all threads draw the synapses of what has fired, unless they are stored;
    // then the calling thread records and moves on, and the others wait.
    Meeting meeting(static_cast<int>(threads) - 1);
    const auto work = [&](std::size_t thread) {
        keep_error([&] {
            for (std::size_t b = thread; b < parts_.size(); b += threads) advance(b, first, last);
        });
    };
    const auto draws = [&] { return in_flight_ != nullptr && last < steps_; };
    const auto draw = [&] {
        keep_error([&] { in_flight_->draw(first, last, history_, next_list); });
    };
    const auto move_on = [&] {
        keep_error([&] {
            if (!error) recorder_.take(first, last, history_);
            if (!error && progress) progress(last, steps_);
            asked = last < steps_ && options_.stop && options_.stop();
        });
        first = last;
        last = std::min(first + window_, steps_);
        next_list = 0;
        stop = error || asked || first >= steps_ || !recorder_.runaway().empty() || out_of_memory();
    };
    {
        std::vector<std::jthread> others;
        for (std::size_t thread = 1; thread < threads; ++thread)
            others.emplace_back([&, thread] {
                while (!stop) {
                    work(thread);
                    if (draws()) {
                        meeting.join();
                        draw();
                    }
                    meeting.join();
                }
            });
        while (!stop) {
            work(0);
            if (draws()) {
                meeting.gather();
                meeting.release();
                draw();
            }
            meeting.gather();
            move_on();
            meeting.release();
        }
    }
    if (error) std::rethrow_exception(error);
    SpikeRecording recording = recorder_.finish(first);
    if (recording.completed && (asked || out_of_memory())) {
        recording.completed = false;
        recording.statement = why_ended(first);
    }
    for (const auto& part : parts_) recording.events += part->events;
    for (Matrix& samples : samples_) {
        const auto taken = first > transient_ ? (first - transient_) / sample_every_ : 0;
        samples.conservativeResize(Eigen::NoChange, static_cast<Index>(taken));
    }
    recording.traces = std::move(samples_);
    return recording;
}

}  // namespace heddle
