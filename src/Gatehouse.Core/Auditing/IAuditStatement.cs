namespace Gatehouse.Core.Auditing;

/// <summary>
/// Writes records within a statement of another module, for changes that are one statement and commit by themselves
/// (<see cref="Postgres.Database.InStatementAsync"/>). The module that keeps the audit knows how.
/// </summary>
public interface IAuditStatement
{
    /// <summary>
    /// A part of a WITH clause: writes those of the records whose number, from one, is in the column <c>number</c> of its part
    /// <c>changed</c>.
    /// </summary>
    string InsertForChanged { get; }

    /// <summary>The records, to be passed along with the statement's own parameters.</summary>
    object Parameters(IReadOnlyList<AuditRecord> records, DateTimeOffset now);
}
