namespace Gatehouse.Identity.Verification;

/// <summary>Where verifications stand: in the store that was chosen, but for those whose purpose stands in the database whatever was
/// chosen.</summary>
internal sealed class VerificationStores(IVerificationStore chosen, IEnumerable<VerificationPurpose> purposes)
{
    private readonly PostgresVerificationStore database = new();

    private readonly HashSet<string> inDatabase = purposes
        .Where(purpose => purpose.StandsInDatabase)
        .Select(purpose => purpose.Name)
        .ToHashSet(StringComparer.Ordinal);

    /// <summary>For what is of no purpose, which it does for the database, too.</summary>
    public IVerificationStore Chosen => chosen;

    public IVerificationStore Of(VerificationPurpose purpose) => Of(purpose.Name);

    /// <param name="purpose">Its name.</param>
    public IVerificationStore Of(string purpose) => inDatabase.Contains(purpose) ? database : chosen;
}
