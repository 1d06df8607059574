//! Values that a load test sets in code, as goose takes them: what the run has to know of them is noted on the way.

use goose::logger::GooseLogFormat;
use goose::prelude::*;

use super::RecoveryAttack;

impl GooseDefaultType<&str> for RecoveryAttack {
    fn set_default(mut self, key: GooseDefault, value: &str) -> Result<Box<Self>, GooseError> {
        match key {
            GooseDefault::Host => {
                self.declared.target.get_or_insert_with(|| value.to_owned());
            }
            GooseDefault::RequestLog => self.guest.log_to(value),
            _ => {}
        }
        self.default_of_gooses(key, value)
    }
}

impl GooseDefaultType<usize> for RecoveryAttack {
    fn set_default(mut self, key: GooseDefault, value: usize) -> Result<Box<Self>, GooseError> {
        if matches!(key, GooseDefault::Users) {
            self.guest.users_by_default(value);
        }
        self.default_of_gooses(key, value)
    }
}

/// Values that goose takes and of which we need to know nothing: limits of the load are overridden in any case.
macro_rules! defaults_of_gooses {
    ($($type:ty),*) => {$(
        impl GooseDefaultType<$type> for RecoveryAttack {
            fn set_default(self, key: GooseDefault, value: $type) -> Result<Box<Self>, GooseError> {
                self.default_of_gooses(key, value)
            }
        }
    )*};
}
defaults_of_gooses!(bool, GooseCoordinatedOmissionMitigation, GooseLogFormat);

impl RecoveryAttack {
    fn default_of_gooses<T>(self, key: GooseDefault, value: T) -> Result<Box<Self>, GooseError>
    where
        GooseAttack: GooseDefaultType<T>,
    {
        self.map_goose(|attack| attack.set_default(key, value).map(|attack| *attack)).map(Box::new)
    }
}
