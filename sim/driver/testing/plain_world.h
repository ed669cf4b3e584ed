// For tests: a world without an engine. Devices hold what they are given until the date that a function names; actors
// are threads that pass a baton, so that one thing happens at a time and always in the same order.
#pragma once

#include <condition_variable>
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include "sim/driver/driver.h"

namespace headway::testing {

// When a request ends, and which of those that end at one date comes first.
struct PlainEnd {
  DriveCompletion completion;
  std::uint64_t order = 0;
};

class PlainWorld final : public DevicePort, public Actors {
 public:
  using EndOf = std::function<PlainEnd(DeviceIndex device, const DriveRequest& request, double now_s)>;

  explicit PlainWorld(EndOf end_of) : end_of_(std::move(end_of)) {}
  ~PlainWorld() { unwind(); }

  // Lets actors and devices go on until nothing more can happen. Throws what `completed` throws.
  void run(Driver& driver) {
    driver_ = &driver;
    run_ready();
    while (!events_.empty()) {
      now_s_ = std::max(now_s_, events_.begin()->first.first);
      while (!events_.empty() && events_.begin()->first.first <= now_s_) {
        const auto event = std::move(events_.begin()->second);
        events_.erase(events_.begin());
        event();
      }
      run_ready();
    }
  }
  // Ends actors that still wait: what waits for ever is thrown out of its wait.
  void unwind() {
    stopping_ = true;
    for (auto& actor : actors_) {
      if (!actor.over) resume(actor);
      if (actor.thread.joinable()) actor.thread.join();
    }
  }

  void submit(DeviceIndex device, const DriveRequest& request, double now_s) override {
    PlainEnd end = end_of_(device, request, now_s);
    end.completion.tag = request.tag;
    events_.emplace(std::pair(end.completion.end_s, end.order), [this, end] { driver_->completed(end.completion); });
  }
  double now_s() const override { return now_s_; }

  std::shared_ptr<Sleeper> make_sleeper() override { return std::make_shared<PlainSleeper>(*this); }
  void wake(const std::shared_ptr<Sleeper>& sleeper, double /*now_s*/) override {
    static_cast<PlainSleeper&>(*sleeper).wake();
  }
  void sleep(double seconds) override {
    at(now_s_ + seconds, [this, actor = current_] { ready_.push_back(actor); });
    block();
  }
  void start(const std::string& /*name*/, std::function<void()> body) override {
    Actor& actor = actors_.emplace_back();
    ready_.push_back(&actor);
    actor.thread = std::thread([this, &actor, body = std::move(body)] {
      wait_for_baton(actor);
      try {
        if (!stopping_) body();
      } catch (const Stopped&) {
      }
      actor.over = true;
      give_baton(nullptr);
    });
  }

 private:
  struct Stopped {};
  struct Actor {
    std::thread thread;
    bool over = false;
  };

  class PlainSleeper final : public Sleeper {
   public:
    explicit PlainSleeper(PlainWorld& world) : world_(world) {}
    void wait() override {
      if (count_ == 0) {
        waiting_.push_back(world_.current_);
        world_.block();
      } else {
        --count_;
      }
    }
    bool wait_for(double seconds) override {
      if (count_ > 0) return --count_, false;
      bool passed = false;
      Actor* const actor = world_.current_;
      waiting_.push_back(actor);
      const std::uint64_t number = world_.at(world_.now_s_ + seconds, [&, actor] {
        passed = true;
        std::erase(waiting_, actor);
        world_.ready_.push_back(actor);
      });
      world_.block();
      if (!passed) world_.drop(number);
      return passed;
    }
    void wake() {
      if (waiting_.empty()) {
        ++count_;
        return;
      }
      world_.ready_.push_back(waiting_.front());
      waiting_.erase(waiting_.begin());
    }

   private:
    PlainWorld& world_;
    std::vector<Actor*> waiting_;
    std::uint64_t count_ = 0;
  };

  // Timers come after devices' answers of the same date.
  std::uint64_t at(double date_s, std::function<void()> what) {
    const std::uint64_t number = next_timer_++;
    events_.emplace(std::pair(date_s, number), std::move(what));
    return number;
  }
  void drop(std::uint64_t number) {
    std::erase_if(events_, [&](const auto& event) { return event.first.second == number; });
  }

  void run_ready() {
    while (!ready_.empty()) {
      Actor& actor = *ready_.front();
      ready_.pop_front();
      resume(actor);
    }
  }
  void resume(Actor& actor) {
    current_ = &actor;
    give_baton(&actor);
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return baton_ == nullptr; });
    current_ = nullptr;
  }
  void block() {
    Actor& actor = *current_;
    give_baton(nullptr);
    wait_for_baton(actor);
    if (stopping_) throw Stopped();
  }
  void give_baton(Actor* to) {
    const std::lock_guard lock(mutex_);
    baton_ = to;
    changed_.notify_all();
  }
  void wait_for_baton(const Actor& actor) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return baton_ == &actor; });
  }

  EndOf end_of_;
  Driver* driver_ = nullptr;
  double now_s_ = 0;
  std::multimap<std::pair<double, std::uint64_t>, std::function<void()>> events_;
  std::uint64_t next_timer_ = std::uint64_t{1} << 62;
  std::list<Actor> actors_;
  std::list<Actor*> ready_;
  Actor* current_ = nullptr;
  Actor* baton_ = nullptr;  // who may run; none: the world itself
  bool stopping_ = false;
  std::mutex mutex_;
  std::condition_variable changed_;
};

}  // namespace headway::testing
