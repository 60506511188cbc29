//! Tables as Excel workbooks: numbers that can be summed, times that can be sorted, and text that is never a formula.

use jiff::civil::DateTime;
use kernel::{Error, Result};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook};

use crate::Answer;
use crate::reply;

const MEDIA: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Text as it is; a leading `=` is a letter like any other.
    Text(String),
    /// A whole number.
    Whole(i64),
    /// A time on some clock; which one is for another column to say.
    At(DateTime),
    /// Nothing.
    Empty,
}

/// Answers with a workbook of one sheet: titles in bold that stay in sight, and the rows. It is made whole before it
/// leaves; whoever calls says where it ends.
///
/// # Errors
/// An internal error for what no workbook can hold.
pub async fn download(
    name: &str,
    sheet: &'static str,
    titles: Vec<&'static str>,
    rows: Vec<Vec<Cell>>,
) -> Answer {
    let made = tokio::task::spawn_blocking(move || workbook(sheet, &titles, &rows)).await;
    let bytes = made.map_err(Error::internal)??;
    Ok(reply::download(name, MEDIA, axum::body::Body::from(bytes)))
}

fn workbook(name: &str, titles: &[&str], rows: &[Vec<Cell>]) -> Result<Vec<u8>> {
    let mut book = Workbook::new();
    // The same rows are the same bytes, whenever they are asked for.
    let always = ExcelDateTime::from_ymd(2020, 1, 1).map_err(Error::internal)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&always));
    let bold = Format::new().set_bold();
    let time = Format::new().set_num_format("yyyy-mm-dd hh:mm");
    let sheet = book.add_worksheet();
    sheet.set_name(name).map_err(Error::internal)?;
    sheet.set_freeze_panes(1, 0).map_err(Error::internal)?;
    for (column, title) in (0u16..).zip(titles) {
        sheet.write_string_with_format(0, column, *title, &bold).map_err(Error::internal)?;
        sheet.set_column_width(column, 18).map_err(Error::internal)?;
    }
    for (line, cells) in (1u32..).zip(rows) {
        for (column, cell) in (0u16..).zip(cells) {
            match cell {
                Cell::Text(text) => sheet.write_string(line, column, text),
                #[expect(clippy::cast_precision_loss, reason = "a spreadsheet knows no other numbers")]
                Cell::Whole(number) => sheet.write_number(line, column, *number as f64),
                Cell::At(at) => sheet.write_datetime_with_format(line, column, *at, &time),
                Cell::Empty => continue,
            }
            .map_err(Error::internal)?;
        }
    }
    book.save_to_buffer().map_err(Error::internal)
}
