// hnswlib with filters of bits: what peers.py calls, so that the filter is C++ as in a program that uses the library.
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>

#include "hnswlib/hnswlib.h"

namespace {

struct Opened {
    std::unique_ptr<hnswlib::SpaceInterface<float>> space;
    std::unique_ptr<hnswlib::HierarchicalNSW<float>> graph;
    size_t dims;
};

// Lets those pass whose bit is 1, the lowest bit of a byte first.
class Bits : public hnswlib::BaseFilterFunctor {
  public:
    explicit Bits(const uint8_t* bits) : bits_(bits) {}
    bool operator()(hnswlib::labeltype label) override { return bits_[label >> 3] >> (label & 7) & 1; }

  private:
    const uint8_t* bits_;
};

}  // namespace

extern "C" void* open_index(const char* path, size_t dims, int inner_product) {
    auto opened = std::make_unique<Opened>();
    opened->dims = dims;
    if (inner_product) {
        opened->space = std::make_unique<hnswlib::InnerProductSpace>(dims);
    } else {
        opened->space = std::make_unique<hnswlib::L2Space>(dims);
    }
    opened->graph = std::make_unique<hnswlib::HierarchicalNSW<float>>(opened->space.get(), std::string(path));
    return opened.release();
}

// Finds the k nearest of each query that pass its filter: queries share filters in turn. Where fewer are found, the rest of
// a query's row of `found` is filled with the greatest number.
extern "C" void search_all(void* index, const float* queries, size_t count, size_t k, size_t ef, const uint8_t* filters,
                           size_t filter_count, size_t filter_bytes, uint32_t* found) {
    auto* opened = static_cast<Opened*>(index);
    opened->graph->setEf(ef);
    for (size_t number = 0; number < count; number++) {
        Bits bits(filters + (number % filter_count) * filter_bytes);
        auto hits = opened->graph->searchKnn(queries + number * opened->dims, k, &bits);
        uint32_t* row = found + number * k;
        std::fill(row, row + k, UINT32_MAX);
        for (; !hits.empty(); hits.pop()) {
            row[hits.size() - 1] = static_cast<uint32_t>(hits.top().second);
        }
    }
}
