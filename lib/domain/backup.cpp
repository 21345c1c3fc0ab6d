#include "domain/backup.hpp"

#include <array>

#include "domain/rules/rules.hpp"

namespace visitor::domain {
namespace {

std::string none(const Figures& figures, Language language) {
  if (figures.number("age_seconds"))
    return phrase(language, "the newest good backup is {} old", "последней исправной резервной копии уже {}",
                  span_words(figures, "age_seconds", language));
  if (figures.flag("tried")) return phrase(language, "there is no good backup", "исправной резервной копии нет");
  return phrase(language, "no backup has been made yet", "резервные копии ещё не создавались");
}

std::string failed(const Figures& figures, Language language) {
  const auto state = figures.text("state").value_or("failed");
  if (state == "partial")
    return phrase(language, "the last backup did not reach all targets",
                  "последняя резервная копия записана не во все места");
  if (state == "interrupted")
    return phrase(language, "the last backup was interrupted", "создание последней резервной копии прервано");
  return phrase(language, "the last backup failed", "последнюю резервную копию создать не удалось");
}

std::string missing(const Figures& figures, Language language) {
  const auto without = figures.number("without").value_or(1);
  return phrase(language, "{} of {} targets {} no good backup of the last {}",
                "мест хранения без исправной резервной копии за последние {3}: {0} из {1}", without,
                figures.number("targets").value_or(without), without == 1 ? "has" : "have",
                span_words(figures, "limit_seconds", language));
}

/// Something that is to be done from time to time.
std::string overdue(const Figures& figures, Language language, const Text& what) {
  if (figures.number("age_seconds"))
    return phrase(language, "no backup was {} for {}", "ни одна резервная копия не {} уже {}", what.in(language),
                  span_words(figures, "age_seconds", language));
  return phrase(language, "no backup was ever {}", "ни одна резервная копия ещё не {}", what.in(language));
}

/// What is wrong with the archive of the write-ahead log.
std::string wal_words(std::string_view finding, const Figures& figures, Language language) {
  const auto age = [&] { return span_words(figures, "age_seconds", language); };
  const auto bytes = [&](std::string_view key) { return bytes_words(figures.number(key).value_or(0), language); };
  if (finding == "wal_stopped")
    return figures.flag("kept") ? phrase(language, "the write-ahead log has not been archived for {}",
                                         "журнал базы данных не архивируется уже {}", age())
                                : phrase(language, "nobody has kept the archive of the write-ahead log for {}",
                                         "архив журнала базы данных никто не ведёт уже {}", age());
  if (finding == "wal_late")
    return phrase(language, "the archive of the write-ahead log ends {} ago",
                  "архив журнала базы данных обрывается {} назад", age());
  if (finding == "wal_behind")
    return phrase(language, "{} of the write-ahead log wait for the archive, and more than {} are given up",
                  "ждут архивации {} журнала базы данных; всё, что больше {}, будет потеряно", bytes("bytes"),
                  bytes("limit_bytes"));
  if (finding == "wal_base")
    return figures.number("age_seconds")
               ? phrase(language, "the newest base backup is {} old", "последней базовой копии уже {}", age())
               : phrase(language, "there is no base backup for the write-ahead log that is archived now",
                        "для архивируемого журнала базы данных нет базовой копии");
  if (finding == "wal_disk")
    return phrase(language, "{}% of the disk with the archive of the write-ahead log are free ({})",
                  "на диске с архивом журнала базы данных свободно {}% ({})", figures.number("percent").value_or(0),
                  bytes("bytes"));
  return phrase(language, "the archive of the write-ahead log has a gap at segment {}",
                "в архиве журнала базы данных нет сегмента {}", figures.text("segment").value_or(""));
}

}  // namespace

template <>
std::span<const Name<VerifyLevel>> names() {
  using enum VerifyLevel;
  static constexpr std::array kNames{
      Name<VerifyLevel>{quick, "quick", "Hashes", "Контрольные суммы"},
      Name<VerifyLevel>{full, "full", "All contents", "Всё содержимое"},
      Name<VerifyLevel>{restore, "restore", "Trial restore", "Пробное восстановление"},
  };
  return kNames;
}

std::string bytes_words(std::int64_t bytes, Language language) {
  constexpr std::array<Text, 3> kUnits{{{"KiB", "КиБ"}, {"MiB", "МиБ"}, {"GiB", "ГиБ"}}};
  auto amount = static_cast<double>(bytes) / 1024;
  std::size_t unit = 0;
  while (amount >= 1024 && unit + 1 < kUnits.size()) {
    amount /= 1024;
    ++unit;
  }
  return fmt::format("{:.1f} {}", amount, kUnits[unit].in(language));
}

std::string backup_words(const Figures& figures, Language language) {
  const auto finding = figures.text("finding").value_or("");
  const auto count = [&](std::string_view key) { return figures.number(key).value_or(1); };
  if (finding == "none") return none(figures, language);
  if (finding == "failed") return failed(figures, language);
  if (finding == "missing") return missing(figures, language);
  if (finding == "small")
    return phrase(language, "the last backup has {}, where {} is usual",
                  "размер последней резервной копии {}, обычно {}", bytes_words(count("bytes"), language),
                  bytes_words(count("usual_bytes"), language));
  if (finding == "fast")
    return phrase(language, "the last backup took {}, where {} is usual",
                  "последняя резервная копия создана за {}, обычно за {}", span_words(figures, "seconds", language),
                  span_words(figures, "usual_seconds", language));
  if (finding == "broken")
    return phrase(language, "{} {} damaged or gone", "повреждено или исчезло экземпляров резервных копий: {}",
                  count("copies"), count("copies") == 1 ? "copy of a backup is" : "copies of a backup are");
  if (finding == "unverified") return overdue(figures, language, {"verified", "проверялась"});
  if (finding == "unrestored")
    return overdue(figures, language, {"restored for a trial", "восстанавливалась для пробы"});
  if (finding == "unproven")
    return phrase(language, "{} of {} keys {} not been proven to read backups for {}",
                  "ключей, которыми резервные копии не читали уже {3}: {0} из {1}", count("keys"), count("recipients"),
                  count("keys") == 1 ? "has" : "have", span_words(figures, "limit_seconds", language));
  if (finding.starts_with("wal_")) return wal_words(finding, figures, language);
  return phrase(language, "something is not as it should be", "что-то не в порядке");
}

std::string backup_summary(const Figures& figures, Language language) {
  return phrase(language, "Backups: {}.", "Резервные копии: {}.", backup_words(figures, language));
}

}  // namespace visitor::domain
