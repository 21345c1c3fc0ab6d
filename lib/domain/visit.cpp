#include "domain/visit.hpp"

namespace visitor::domain {

template <>
std::span<const Name<VisitStatus>> names() {
  static constexpr Name<VisitStatus> kNames[] = {
      {VisitStatus::awaiting, "AWAITING", "Awaiting arrival", "Ожидает прибытия"},
      {VisitStatus::checked_in, "CHECKED_IN", "In the building", "В здании"},
      {VisitStatus::checked_out, "CHECKED_OUT", "Left", "Вышел"},
      {VisitStatus::cancelled, "CANCELLED", "Cancelled", "Отменен"},
      {VisitStatus::no_show, "NO_SHOW", "Did not come", "Не пришел"},
  };
  return kNames;
}

template <>
std::span<const Name<Purpose>> names() {
  static constexpr Name<Purpose> kNames[] = {
      {Purpose::business_meeting, "BUSINESS_MEETING", "Business meeting", "Деловая встреча"},
      {Purpose::personal_meeting, "PERSONAL_MEETING", "Personal visit", "Личный визит"},
      {Purpose::interview, "INTERVIEW", "Interview", "Собеседование"},
      {Purpose::negotiation, "NEGOTIATION", "Negotiation or signing", "Переговоры / Подписание документов"},
      {Purpose::seminar_event, "SEMINAR_EVENT", "Seminar or event", "Семинар / Мероприятие"},
      {Purpose::service_maintenance, "SERVICE_MAINTENANCE", "Maintenance, repair or delivery",
       "Обслуживание / Ремонт / Доставка"},
      {Purpose::collaboration, "COLLABORATION", "Working together", "Совместная работа"},
      {Purpose::filming, "FILMING", "Filming", "Съемка"},
      {Purpose::audit_inspection, "AUDIT_INSPECTION", "Audit or inspection", "Проверка / Инспекция"},
      {Purpose::student_admission, "STUDENT_ADMISSION", "Admission", "Поступление"},
      {Purpose::documents, "DOCUMENTS", "Documents", "Документы"},
      {Purpose::other, "OTHER", "Other", "Другое"},
  };
  return kNames;
}

template <>
std::span<const Name<VisitKind>> names() {
  static constexpr Name<VisitKind> kNames[] = {
      {VisitKind::guest, "guest", "Guest", "Гость"},
      {VisitKind::student, "student", "Student", "Студент"},
      {VisitKind::contractor, "contractor", "Contractor", "Подрядчик"},
      {VisitKind::delivery, "delivery", "Delivery", "Доставка"},
  };
  return kNames;
}

template <>
std::span<const Name<How>> names() {
  static constexpr Name<How> kNames[] = {
      {How::door, "door", "At a door", "На проходной"},
      {How::person, "person", "By a person", "Сотрудником"},
      {How::api, "api", "By another system", "Через API"},
      {How::presumed, "presumed", "Presumed", "Предположительно"},
  };
  return kNames;
}

}  // namespace visitor::domain
