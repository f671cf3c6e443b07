using System.ComponentModel.DataAnnotations;
using Gatehouse.Core.Configuration;

namespace Gatehouse.Identity.Verification;

/// <summary>Where pending verifications (codes and links of registrations and password resets) are kept.</summary>
internal sealed class VerificationOptions : ICheckSettings
{
    public const string Postgres = "postgres";
    public const string Redis = "redis";

    /// <summary><c>postgres</c> (default), or <c>redis</c>: then a registration that is never completed leaves no row in the identity
    /// schema, and losing Redis loses the codes that were pending (docs/operations/redis.md). What is pending when this changes is
    /// lost.</summary>
    public string Store { get; set; } = Postgres;

    /// <summary>Whether a Redis server is configured.</summary>
    internal bool HasRedis { get; set; }

    public IEnumerable<ValidationResult> Check(SettingsMode mode)
    {
        if (Store is not (Postgres or Redis))
            yield return new ValidationResult("must be postgres or redis", [nameof(Store)]);
        if (Store == Redis && !HasRedis)
            yield return new ValidationResult("must be postgres unless Redis:Servers is set", [nameof(Store)]);
    }
}
