//! What the page of a comparison promises, in both languages.

use base64::Engine as _;
use sha2::Digest as _;

use super::*;
use crate::report::fixture;

fn pages(trials: u32) -> Vec<String> {
    let sweep = fixture::sweep(trials);
    let (sides, comparison, found) = (sweep.sides(), sweep.comparison(), sweep.recommendation());
    let compared = |recommendation| Compared { sides: &sides, comparison: &comparison, recommendation };
    let of = |recommendation| Lang::ALL.map(|lang| page(&compared(recommendation), lang).unwrap());
    [of(None), of(Some(&found))].concat()
}

#[test]
fn the_only_script_that_may_run_is_the_one_that_sorts() {
    let hash = base64::engine::general_purpose::STANDARD.encode(sha2::Sha256::digest(SCRIPT.as_bytes()));
    assert_eq!(SCRIPT_SHA256, hash);
    for page in pages(6) {
        assert_eq!(page.matches("<script").count(), 1);
        assert!(page.contains(&format!("script-src 'sha256-{hash}'")));
        assert!(!page.contains("http://") && !page.contains("https://"), "it asks the network for something");
    }
}

#[test]
fn every_text_can_be_said_and_every_link_leads_somewhere() {
    for page in pages(6) {
        assert!(!page.contains('⟦'), "{}", page.split('⟦').nth(1).unwrap_or_default());
        for link in page.split("href=\"#").skip(1) {
            let id = link.split('"').next().unwrap();
            assert!(page.contains(&format!("id=\"{id}\"")), "{id}");
        }
    }
}

#[test]
fn what_users_name_is_escaped() {
    let markup = "<img src=x onerror=alert(1)>";
    let sweep = fixture::hostile_sweep(markup);
    let (sides, comparison, found) = (sweep.sides(), sweep.comparison(), sweep.recommendation());
    for recommendation in [None, Some(&found)] {
        let compared = Compared { sides: &sides, comparison: &comparison, recommendation };
        for lang in Lang::ALL {
            let page = page(&compared, lang).unwrap();
            assert!(!page.contains("<img"), "{lang:?}");
            assert!(page.contains("&#60;img") || page.contains("&lt;img"));
        }
    }
}

#[test]
fn the_model_of_a_sweep() {
    let sweep = fixture::sweep(6);
    let (sides, comparison, found) = (sweep.sides(), sweep.comparison(), sweep.recommendation());
    let compared = Compared { sides: &sides, comparison: &comparison, recommendation: Some(&found) };
    let page = Page::new(&compared, Lang::En);
    insta::assert_json_snapshot!("sweep", (&page.headline, &page.recommendation, &page.runs, &page.method));
    let compared = Compared { recommendation: None, ..compared };
    let page = Page::new(&compared, Lang::En);
    insta::assert_json_snapshot!(
        "comparison",
        (&page.headline, &page.tally, &page.claims, &page.changes[..3])
    );
}

#[test]
fn a_recommendation_without_a_setting_is_no_success() {
    let sweep = fixture::sweep(6);
    let (sides, comparison) = (sweep.sides(), sweep.comparison());
    let mut found = sweep.recommendation();
    (found.chosen, found.policy) = (None, None);
    found.reasons = vec![crate::lang::Sentence::new("sweep-none")];
    let compared = Compared { sides: &sides, comparison: &comparison, recommendation: Some(&found) };
    let page = Page::new(&compared, Lang::En);
    assert_eq!(page.class, "fail");
    assert!(page.headline.contains("No setting can be recommended"));
}
