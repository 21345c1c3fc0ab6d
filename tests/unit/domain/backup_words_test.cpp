#include <boost/test/unit_test.hpp>
#include <string>

#include "domain/backup.hpp"
#include "domain/rules.hpp"

using namespace visitor::domain;

namespace {

struct Sentence {
  const char* figures;
  const char* english;
  const char* russian;
};

constexpr Sentence kSentences[]{
    {R"({"finding":"none","age_seconds":180000})", "the newest good backup is 2 d 2 h old",
     "последней исправной резервной копии уже 2 д 2 ч"},
    {R"({"finding":"none","tried":true})", "there is no good backup", "исправной резервной копии нет"},
    {R"({"finding":"none","tried":false})", "no backup has been made yet", "резервные копии ещё не создавались"},
    {R"({"finding":"failed","state":"failed"})", "the last backup failed",
     "последнюю резервную копию создать не удалось"},
    {R"({"finding":"failed","state":"partial"})", "the last backup did not reach all targets",
     "последняя резервная копия записана не во все места"},
    {R"({"finding":"failed","state":"interrupted"})", "the last backup was interrupted",
     "создание последней резервной копии прервано"},
    {R"({"finding":"missing","without":1,"targets":3,"limit_seconds":93600})",
     "1 of 3 targets has no good backup of the last 1 d 2 h",
     "мест хранения без исправной резервной копии за последние 1 д 2 ч: 1 из 3"},
    {R"({"finding":"small","bytes":2048,"usual_bytes":3145728})", "the last backup has 2.0 KiB, where 3.0 MiB is usual",
     "размер последней резервной копии 2.0 КиБ, обычно 3.0 МиБ"},
    {R"({"finding":"fast","seconds":10,"usual_seconds":60})", "the last backup took 10 s, where 1 min is usual",
     "последняя резервная копия создана за 10 с, обычно за 1 мин"},
    {R"({"finding":"broken","copies":1})", "1 copy of a backup is damaged or gone",
     "повреждено или исчезло экземпляров резервных копий: 1"},
    {R"({"finding":"broken","copies":2})", "2 copies of a backup are damaged or gone",
     "повреждено или исчезло экземпляров резервных копий: 2"},
    {R"({"finding":"unverified","age_seconds":864000})", "no backup was verified for 10 d",
     "ни одна резервная копия не проверялась уже 10 д"},
    {R"({"finding":"unrestored"})", "no backup was ever restored for a trial",
     "ни одна резервная копия ещё не восстанавливалась для пробы"},
    {R"({"finding":"unproven","keys":2,"recipients":2,"limit_seconds":8640000})",
     "2 of 2 keys have not been proven to read backups for 100 d",
     "ключей, которыми резервные копии не читали уже 100 д: 2 из 2"},
    {R"({"finding":"wal_stopped","kept":true,"age_seconds":7200})", "the write-ahead log has not been archived for 2 h",
     "журнал базы данных не архивируется уже 2 ч"},
    {R"({"finding":"wal_stopped","kept":false,"age_seconds":7200})",
     "nobody has kept the archive of the write-ahead log for 2 h", "архив журнала базы данных никто не ведёт уже 2 ч"},
    {R"({"finding":"wal_late","age_seconds":1200})", "the archive of the write-ahead log ends 20 min ago",
     "архив журнала базы данных обрывается 20 мин назад"},
    {R"({"finding":"wal_behind","bytes":2147483648,"limit_bytes":4294967296})",
     "2.0 GiB of the write-ahead log wait for the archive, and more than 4.0 GiB are given up",
     "ждут архивации 2.0 ГиБ журнала базы данных; всё, что больше 4.0 ГиБ, будет потеряно"},
    {R"({"finding":"wal_base","age_seconds":864000})", "the newest base backup is 10 d old",
     "последней базовой копии уже 10 д"},
    {R"({"finding":"wal_base"})", "there is no base backup for the write-ahead log that is archived now",
     "для архивируемого журнала базы данных нет базовой копии"},
    {R"({"finding":"wal_disk","percent":4,"bytes":4294967296})",
     "4% of the disk with the archive of the write-ahead log are free (4.0 GiB)",
     "на диске с архивом журнала базы данных свободно 4% (4.0 ГиБ)"},
    {R"({"finding":"wal_gap","segment":"0000000100000000000000A4"})",
     "the archive of the write-ahead log has a gap at segment 0000000100000000000000A4",
     "в архиве журнала базы данных нет сегмента 0000000100000000000000A4"},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(backup_sentences)

BOOST_AUTO_TEST_CASE(what_is_wrong_with_backups_is_said_in_both_languages) {
  for (const auto& one : kSentences) {
    const auto figures = Figures::parse(one.figures);
    BOOST_TEST(backup_words(figures, Language::english) == one.english);
    BOOST_TEST(backup_words(figures, Language::russian) == one.russian);
  }
  BOOST_TEST(summary(IncidentType::backup, kSentences[1].figures, Language::english) ==
             "Backups: there is no good backup.");
  BOOST_TEST(summary(IncidentType::backup, kSentences[1].figures, Language::russian) ==
             "Резервные копии: исправной резервной копии нет.");
}

BOOST_AUTO_TEST_CASE(incidents_of_older_versions_have_fewer_figures_and_still_say_something) {
  for (const auto* details : {"{}", "", "null", R"({"finding":"missing"})", R"({"finding":"small"})",
                              R"({"finding":"unproven"})", R"({"finding":"what?"})"})
    for (const auto language : {Language::english, Language::russian}) {
      const auto sentence = summary(IncidentType::backup, details, language);
      BOOST_TEST((sentence.size() > 12 && sentence.ends_with('.')), sentence);
    }
}

BOOST_AUTO_TEST_SUITE_END()
