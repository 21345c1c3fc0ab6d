#include "store/photos.hpp"

#include "store/words.hpp"

namespace visitor::store {
namespace {

constexpr auto kSet = R"sql(
    INSERT INTO guest_photo (guest_id, format, width, height, picture, account_id, stored_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (guest_id) DO UPDATE
       SET format = excluded.format, width = excluded.width, height = excluded.height, picture = excluded.picture,
           account_id = excluded.account_id, stored_at = excluded.stored_at)sql";

constexpr auto kFind = R"sql(
    SELECT p.format, p.width, p.height, length(p.picture) AS bytes, coalesce(c.login, '') AS login, p.stored_at
      FROM guest_photo p
      LEFT JOIN account c ON c.id = p.account_id
     WHERE p.guest_id = $1)sql";

constexpr auto kPicture = R"sql(
    SELECT picture FROM guest_photo WHERE guest_id = $1)sql";

constexpr auto kRemove = R"sql(
    DELETE FROM guest_photo WHERE guest_id = $1)sql";

}  // namespace

void Photos::set(GuestId guest, const domain::PhotoInfo& info, std::span<const std::byte> picture, AccountId account,
                 Instant now) {
  tx_.exec(kSet, guest, domain::name(info.format), info.width, info.height, picture, account, now);
}

std::optional<PhotoListed> Photos::find(GuestId guest) {
  const auto row = tx_.maybe_row(kFind, guest);
  if (!row) return std::nullopt;
  const domain::PhotoInfo info{read_word<domain::PhotoFormat>(*row, "format"), row->get<int>("width"),
                               row->get<int>("height"), static_cast<std::size_t>(row->get<int>("bytes"))};
  return PhotoListed{guest, info, row->get<std::string>("login"), row->get<Instant>("stored_at")};
}

std::optional<std::vector<std::byte>> Photos::picture(GuestId guest) {
  if (const auto row = tx_.maybe_row(kPicture, guest)) return row->get<std::vector<std::byte>>("picture");
  return std::nullopt;
}

bool Photos::remove(GuestId guest) {
  return tx_.exec(kRemove, guest) == 1;
}

}  // namespace visitor::store
