// Response times as a turning platter makes them: each lies, with equal chance, anywhere between a lower edge (the
// heads have arrived and the sector just comes by) and an upper one a revolution later. Both edges are sums of
// unknowns, and a log of requests tells each unknown by where its edges can be.
//
// The density of a request's time x is that of a uniform draw from [low, high] with edges softened by `noise_s` (a
// logistic step), and a small share of outliers (retries, hits in a buffer taken for misses) of any time. One unknown
// at a time is set to its mean under that density, the others held, in rounds until they rest: coordinate-wise Bayes
// with flat priors. The same pass gives the unknown's standard error, given the others.
//
// Why not the minimum: with n requests the minimum lies a revolution / n above the edge, a maximum as much below, and
// one outlier breaks either; the density uses both edges, at once with what it knows of the neighbours.
#pragma once

#include <cstdint>
#include <vector>

namespace headway::fit {

class EdgeModel {
 public:
  // `times_s`: one per request.
  explicit EdgeModel(std::vector<double> times_s);

  // Of one request: by how much its edges move when the unknown grows by one.
  struct Slope {
    std::uint32_t request = 0;
    double low = 0;
    double high = 0;
  };

  // An unknown, its value so far, and whom it concerns. Gives its place.
  std::size_t add(double value, double width, std::vector<Slope> slopes);
  // What is known of one request's edges beforehand.
  void displace(std::uint32_t request, double low_s, double high_s) {
    low_s_[request] += low_s;
    high_s_[request] += high_s;
  }
  // Of one request: how likely it is that it steps over a track's end unseen, and takes up to `over_s` longer.
  void may_step(std::uint32_t request, double share, double over_s) { steps_[request] = {share, 0, over_s}; }
  // Of one request: how likely it is that it takes a whole turn, from `from_s` behind its lower edge on over `over_s`.
  void may_come_round(std::uint32_t request, double share, double from_s, double over_s) {
    rounds_[request] = {share, from_s, over_s};
  }
  // By how much the upper edges lie behind the lower ones.
  void set_revolution(double revolution_s);
  void set_noise(double noise_s) { noise_s_ = noise_s; }
  void set_value(std::size_t unknown, double value);

  // Rounds over all unknowns; between rounds `between` may correct values (a monotone curve, for one).
  template <class Between>
  void settle(int rounds, Between between) {
    for (int i = 0; i < rounds; ++i) {
      for (std::size_t k = 0; k < unknowns_.size(); ++k) improve(k);
      between(*this);
    }
  }

  double value(std::size_t unknown) const { return unknowns_[unknown].value; }
  double error(std::size_t unknown) const { return unknowns_[unknown].error; }
  std::size_t requests(std::size_t unknown) const { return unknowns_[unknown].slopes.size(); }
  double revolution_s() const { return revolution_s_; }
  double noise_s() const { return noise_s_; }
  // Of all requests, with the values as they are.
  double log_likelihood() const;

 private:
  struct Unknown {
    double value = 0;
    double error = 0;
    double width = 0;  // how far from its value it is looked for
    std::vector<Slope> slopes;
  };

  // What happens to a share of such requests.
  struct Chance {
    double share = 0;
    double from_s = 0;
    double over_s = 0;
  };

  double density(std::size_t request, double low_s, double high_s) const;
  void improve(std::size_t unknown);
  void shift(Unknown& unknown, double by);

  std::vector<double> times_s_;
  std::vector<double> low_s_;
  std::vector<double> high_s_;  // without the revolution
  std::vector<Chance> steps_;
  std::vector<Chance> rounds_;
  double revolution_s_ = 0;
  double noise_s_ = 0;
  std::vector<Unknown> unknowns_;
};

}  // namespace headway::fit
