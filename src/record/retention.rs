//! How long a chart must be kept: by law a number of years from the last contact, and for a child from coming of age.

use jiff::Span;
use jiff::civil::Date;

/// The age at which the years begin to count for who was treated as a child.
const OF_AGE_YEARS: i32 = 18;

/// The first day on which a chart may be forgotten; `None` where it may be at any time.
pub fn kept_until(last_contact: Date, born: Option<Date>, years: u32) -> Option<Date> {
    let years = i32::try_from(years).ok().filter(|years| *years > 0)?;
    let after = |date: Date, years: i32| date.saturating_add(Span::new().years(years.min(9_998)));
    let of_age = born.map(|born| after(born, OF_AGE_YEARS));
    Some(after(of_age.map_or(last_contact, |date| date.max(last_contact)), years))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn chart_is_kept_for_years_after_the_last_contact() {
        assert_eq!(kept_until(date(2020, 2, 29), None, 10), Some(date(2030, 2, 28)));
        assert_eq!(kept_until(date(2020, 3, 1), Some(date(1960, 1, 1)), 7), Some(date(2027, 3, 1)));
        assert_eq!(kept_until(date(2020, 3, 1), None, 0), None);
        assert_eq!(kept_until(date(2020, 3, 1), None, u32::MAX), None, "no such law");
        assert_eq!(kept_until(date(2020, 3, 1), None, 9_999), Some(Date::MAX));
    }

    #[test]
    fn years_of_a_child_begin_with_coming_of_age() {
        assert_eq!(kept_until(date(2020, 3, 1), Some(date(2010, 5, 9)), 10), Some(date(2038, 5, 9)));
    }
}
