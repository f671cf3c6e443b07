namespace Gatehouse.Development.Postgres;

/// <summary>Why the server cannot start and what the operator can do about it, in plain words for the terminal.</summary>
internal sealed record StartupError(string Problem, string Remedy)
{
    public override string ToString() => $"{Problem}\n{Remedy}";
}
