// Requests that wait in a host's scheduler, linked by arrival and by address at once. Nodes are reused: no allocation
// after warm-up.
#pragma once

#include <boost/intrusive/list.hpp>
#include <boost/intrusive/set.hpp>
#include <cstdint>
#include <deque>
#include <vector>

#include "models/drive/host/host_request.h"

namespace headway {

struct Waiting {
  boost::intrusive::list_member_hook<> by_arrival;
  boost::intrusive::set_member_hook<> by_address;
  HostRequest host;
  std::uint64_t sequence = 0;

  // Ties by arrival, so that the order is the same everywhere.
  friend bool operator<(const Waiting& a, const Waiting& b) {
    if (a.host.request.offset_bytes != b.host.request.offset_bytes)
      return a.host.request.offset_bytes < b.host.request.offset_bytes;
    return a.sequence < b.sequence;
  }
};

using ByArrival = boost::intrusive::list<
    Waiting, boost::intrusive::member_hook<Waiting, boost::intrusive::list_member_hook<>, &Waiting::by_arrival>>;
using ByAddress = boost::intrusive::set<
    Waiting, boost::intrusive::member_hook<Waiting, boost::intrusive::set_member_hook<>, &Waiting::by_address>>;

class HostPool {
 public:
  Waiting& take(const HostRequest& host) {
    if (free_.empty()) {
      nodes_.emplace_back();
      free_.push_back(&nodes_.back());
    }
    Waiting& node = *free_.back();
    free_.pop_back();
    node.host = host;
    node.sequence = sequence_++;
    return node;
  }

  void give_back(Waiting& node) { free_.push_back(&node); }

 private:
  std::deque<Waiting> nodes_;  // addresses stay
  std::vector<Waiting*> free_;
  std::uint64_t sequence_ = 0;
};

// Both orders of a set of requests. The first at or after an address, or the first of all: the elevator's step.
class SortedQueue {
 public:
  bool empty() const { return by_arrival_.empty(); }
  std::size_t size() const { return by_arrival_.size(); }
  Waiting& oldest() { return by_arrival_.front(); }

  void add(Waiting& node) {
    by_arrival_.push_back(node);
    by_address_.insert(node);
  }

  void remove(Waiting& node) {
    by_arrival_.erase(ByArrival::s_iterator_to(node));
    by_address_.erase(ByAddress::s_iterator_to(node));
  }

  // Null when nothing lies at or after it.
  Waiting* at_or_after(std::uint64_t offset_bytes) {
    const auto found = by_address_.lower_bound(offset_bytes, Before());
    return found == by_address_.end() ? nullptr : &*found;
  }

  Waiting& lowest() { return *by_address_.begin(); }

 private:
  struct Before {
    bool operator()(const Waiting& a, std::uint64_t offset) const { return a.host.request.offset_bytes < offset; }
    bool operator()(std::uint64_t offset, const Waiting& a) const { return offset < a.host.request.offset_bytes; }
  };

  ByArrival by_arrival_;
  ByAddress by_address_;
};

}  // namespace headway
