using System.ComponentModel.DataAnnotations;

namespace Gatehouse.Core.Configuration;

/// <summary>How strictly settings are evaluated: a laptop may start with nothing configured, production may not.</summary>
public enum SettingsMode
{
    Development,
    Production,
}

/// <summary>Implemented by options with rules that one attribute on one property cannot say.</summary>
public interface ICheckSettings
{
    /// <summary>
    /// Yields one result per error: the message says what is allowed (<c>is required outside development mode</c>),
    /// the member names say which properties it is about (<c>nameof(MasterKey)</c>, nested ones as <c>Register:Permits</c>).
    /// </summary>
    IEnumerable<ValidationResult> Check(SettingsMode mode);
}
