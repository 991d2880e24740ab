//! Which templates for new clusters do the providers of a management cluster bring?
//!
//! What comes of one is a YAML of one's own in the form: it is looked through, run dry and made as any other. What is typed
//! as dots is not in it, and not told to clusterctl: its name stands there.

use api::providers::{AskedVariable, Shown};
use api::templates::{FillTemplate, FilledTemplate, ReadTemplate, TemplateFor, TemplatePick, TemplateView, TemplatesOf};
use api::{ContextId, Fault, FaultCode};
use provision::programs::clusterctl::templates::{Wanted, is_sound};
use provision::providers::{question, template_command};
use secret::Secret;

use super::{LONGEST_VALUE, MOST_VALUES, NOTHING, Providers};
use crate::drawing::{Values, stands_for};

impl Providers {
    pub(crate) async fn templates(&self, context: &ContextId) -> Result<Vec<TemplatesOf>, Fault> {
        let open = self.open(context)?;
        let ground = question::ground(&self.world, &open.at, &open.row.name, "").await?;
        Ok(ground.infrastructure().into_iter().map(|(provider, version)| TemplatesOf { provider, version }).collect())
    }

    /// What one of them leaves open.
    pub(crate) async fn template(&self, call: &ReadTemplate) -> Result<TemplateView, Fault> {
        sound(&call.pick, &call.fields)?;
        let (open, source) = (self.open(&call.context)?, self.source()?);
        let wanted = Wanted { pick: &call.pick, fields: &call.fields, at: &open.at, source: &source };
        let variables = question::template(&self.world, &wanted, &open.row.name).await?;
        Ok(TemplateView { variables, command: template_command(&wanted) })
    }

    /// One with all of it filled in but what was typed as dots, which is given beside it. Only what it asks for is taken.
    pub(crate) async fn filled(&self, call: &FillTemplate) -> Result<(FilledTemplate, Values), Fault> {
        sound(&call.pick, &call.fields)?;
        if call.values.len() > MOST_VALUES || call.values.values().any(|value| value.0.len() > LONGEST_VALUE || value.0.contains('\0')) {
            return Err(Fault::new(FaultCode::Invalid, "A value is too long, or there are too many of them.").unharmed(NOTHING));
        }
        let (open, source) = (self.open(&call.context)?, self.source()?);
        let wanted = Wanted { pick: &call.pick, fields: &call.fields, at: &open.at, source: &source };
        let asked = question::template(&self.world, &wanted, &open.row.name).await?;
        let given = |variable: &AskedVariable| call.values.get(&variable.name).filter(|value| !value.0.is_empty());
        if let Some(missing) = asked.iter().find(|variable| variable.default.is_none() && given(variable).is_none()) {
            return Err(Fault::new(FaultCode::Invalid, format!("This template needs a value for {}.", missing.name)).unharmed(NOTHING));
        }
        let (mut told, mut kept) = (vec![], Values::new());
        for variable in &asked {
            let Some(value) = given(variable).map(|value| Secret::new(value.0.clone())) else { continue };
            match variable.shown {
                Shown::Plainly => told.push((variable.name.clone(), value)),
                Shown::AsDots => {
                    told.push((variable.name.clone(), Secret::new(stands_for(&variable.name))));
                    kept.insert(variable.name.clone(), value);
                }
            }
        }
        let yaml = question::filled(&self.world, &wanted, told, &open.row.name).await?;
        Ok((FilledTemplate { yaml }, kept))
    }
}

fn sound(pick: &TemplatePick, fields: &TemplateFor) -> Result<(), Fault> {
    if is_sound(pick, fields) {
        return Ok(());
    }
    let said = format!("{} {} {} {}", pick.of.provider, pick.flavor, fields.name, fields.version);
    Err(Fault::new(FaultCode::Invalid, "A template needs the name of the cluster, its namespace and a version like v1.36.1, and a flavor is a plain word.")
        .because("the request", said)
        .unharmed(NOTHING))
}
