#include "models/drive/make_drive.h"

namespace headway {

std::unique_ptr<Drive> assemble_drive(std::shared_ptr<const DriveModel> model, const QueueSpec& queue, double phase) {
  return std::visit(
      [&]<class Model>(const Model& kind) {
        return Model::make(std::shared_ptr<const Model>(model, &kind), queue, phase);  // keeps the whole alive
      },
      model->kind);
}

}  // namespace headway
