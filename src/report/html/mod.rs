//! `index.html`
use super::ReportError;
use crate::analysis::Analysis;
pub(crate) fn page(_a: &Analysis) -> Result<String, ReportError> {
    Ok(String::new())
}
