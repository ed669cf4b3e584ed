#include "sim/engine/buses.h"

#include <fmt/format.h>

#include <algorithm>

namespace headway {

namespace s4u = simgrid::s4u;

std::vector<std::string> Buses::engine_arguments() {
  return {"--cfg=network/model:CM02", "--cfg=network/crosstraffic:0", "--cfg=network/TCP-gamma:0"};
}

Buses::Buses(const std::vector<BusSpec>& buses, const std::vector<std::uint64_t>& devids, s4u::NetZone* zone,
             s4u::Host* memory, Arrived arrived)
    : ports_(devids.size()), memory_(memory), arrived_(std::move(arrived)) {
  std::vector<std::vector<s4u::LinkInRoute>> routes(devids.size());
  for (const auto& bus : buses) {
    const s4u::Link* link = zone->create_link(bus.name, bus.bytes_per_s)->set_latency(bus.latency_s)->seal();
    for (std::size_t drive = 0; drive < devids.size(); ++drive) {
      if (std::find(bus.devices.begin(), bus.devices.end(), devids[drive]) != bus.devices.end())
        routes[drive].emplace_back(link);
    }
  }
  for (std::size_t drive = 0; drive < devids.size(); ++drive) {
    if (routes[drive].empty()) continue;
    ports_[drive] = std::make_unique<Port>();
    ports_[drive]->host = zone->create_host(fmt::format("device {}", devids[drive]), 1e9);
    zone->add_route(ports_[drive]->host->get_netpoint(), memory->get_netpoint(), nullptr, nullptr, routes[drive]);
  }
}

void Buses::start() {
  for (auto& port : ports_) {
    if (!port) continue;
    port->waiting = s4u::Semaphore::create(0);
    s4u::Actor::create("port", port->host, [this, p = port.get()] { serve(*p); })->daemonize();
  }
}

void Buses::send(std::uint32_t drive, const DriveCompletion& completion, std::uint32_t bytes) {
  ports_[drive]->transfers.push_back({completion, bytes});
  ports_[drive]->waiting->release();
}

void Buses::serve(Port& port) {
  for (;;) {
    port.waiting->acquire();
    Transfer transfer = port.transfers.front();
    port.transfers.pop_front();
    s4u::Comm::sendto(port.host, memory_, transfer.bytes);
    transfer.completion.end_s = s4u::Engine::get_clock();
    arrived_(transfer.completion);
  }
}

}  // namespace headway
