// The drives that headway knows by name, and those that a user describes in a file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "models/drive/drive.h"
#include "models/drive/queue_spec.h"

namespace headway {

struct DriveModel;  // drive_model.h: one drive's checked parameters; the same object serves any number of drives

// The library's names, sorted. Its files (models/drive/library/*.json) are part of the program.
const std::vector<std::string>& drive_names();

// Whether load_drive() takes it for a path: it ends in ".json" or holds a '/'.
bool is_drive_file(std::string_view name_or_path);

// The library drive of that name, or a parameter file, its path relative to `directory`. Throws InputError: unknown
// name (with the nearest), unreadable file, bad parameter.
//
// The form in which extracted drives are exchanged (no "kind") cannot say everything that a layout is. Where such a
// file names a library drive and has its zones, the keys that the form lacks (unit of the spares, reserved tracks,
// slipped defects, overheads of completion) are the library's; DriveModel::completed lists them. What the file says
// stands.
std::shared_ptr<const DriveModel> load_drive(std::string_view name_or_path,
                                             const std::filesystem::path& directory = {});

// The bytes that a drive of this model holds.
std::uint64_t capacity_bytes(const DriveModel& model);

// Where the platters of a drive made of this seed stand at date 0, in revolutions.
double phase_of(std::uint64_t seed);

// A drive, empty, heads at the outermost cylinder, at date 0. The seed sets where its platters stand then.
// The drive keeps the model alive.
std::unique_ptr<Drive> make_drive(std::shared_ptr<const DriveModel> model, const QueueSpec& queue, std::uint64_t seed);

}  // namespace headway
