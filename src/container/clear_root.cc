#include "container/clear_root.h"

namespace sampan {

namespace {

// A container whose record cannot be read may have this root.
bool may_have_root(const Store& store, const std::string& id, const FileIdentity& root) {
    const Result<Folder> folder = store.find(id);
    if (!folder) return folder.error().kind() != ErrorKind::not_found;
    const Result<std::optional<Record>> record = folder->read();
    if (!record) return true;
    if (!*record) return false;
    // An older version of sampan made it, and did not record its root.
    const auto made =
        (*record)->made_in_root ? (*record)->made_in_root : foresee_made((*record)->rootfs);
    return made && made->root == root;
}

bool is_shared(const Store& store, const std::string& own_id, const FileIdentity& root) {
    const Result<std::vector<std::string>> ids = store.ids();
    if (!ids) return true;
    for (const std::string& id : *ids)
        if (id != own_id && may_have_root(store, id, root)) return true;
    return false;
}

}  // namespace

std::vector<Error> clear_root(const Store& store, Record& record, Undo what) {
    if (!record.made_in_root || !has_to_undo(*record.made_in_root, what)) return {};
    if (is_shared(store, record.id, record.made_in_root->root)) return {};
    return undo_made(*record.made_in_root, record.rootfs, what);
}

}  // namespace sampan
