// What blocks need of drives without heads at the least: of what all commands share.
//
// Claim. Each part of the drive that does one thing at a time is busy for the sum of what commands want of it; that is
// true of every order. So for each part: time >= what comes before its first work and after its last + that sum.
// Parts are, of a solid-state drive, the link, the channels and dies (each, and all of them evenly), the controller,
// which starts a command a `pipeline`, and the slots of the queue; of a constant one its rate and its slots.
//
// What of it one command costs, merged reads would share: a block may come in the command of the block before it, and
// one that goes on where another ended waits for no die. But then all that lies between is read as well, and goes over
// the link. So with weights w < 1 for the link and 1 - w for the part, of blocks in the order of their addresses,
//   (1 - w) * part + w * link >= sum of w * bytes / rate + the lesser of (1 - w) * a command's cost
//                                                          and w * gap / rate,
// the gap being what lies between the block and the one before it, wanted or not. Two weights are tried, each a
// reckoning of its own.
//
// Where it is loose: no part waits for another but at the beginning and the end; the busiest die and channel are those
// of all copies together.
#pragma once

#include "models/drive/bound/drive_needs.h"

namespace headway {

std::vector<Reckoning> shared_needs(const SolidStateModel& model, const QueueSpec& queue,
                                    std::span<const WantedCopy> copies, std::vector<float>& alone_s);
std::vector<Reckoning> shared_needs(const ConstantModel& model, const QueueSpec& queue,
                                    std::span<const WantedCopy> copies, std::vector<float>& alone_s);

}  // namespace headway
