using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Gatehouse.Core.Results;
using Microsoft.AspNetCore.DataProtection;

namespace Gatehouse.Web;

/// <summary>A column by which a list can be sorted. An index of the table has it in this form, with the id behind it.</summary>
public sealed record SortColumn
{
    /// <summary>
    /// How names of people and things are sorted: by the root collation of Unicode, which puts É beside E, and on every server the same,
    /// whatever its own locale is.
    /// </summary>
    public const string ByName = "collate \"und-x-icu\"";

    /// <summary>How codes are sorted: by their characters.</summary>
    public const string ByCode = "collate \"C\"";

    /// <summary>What the API calls it.</summary>
    public required string Name { get; init; }

    /// <summary>What the index has: <c>name collate "und-x-icu"</c>.</summary>
    public required string Expression { get; init; }
}

/// <summary>
/// The orders of a list. What is not sorted by a column goes by the version-7 id, which is the order of creation. A cursor belongs to the
/// list, the tenant and the order that made it.
/// </summary>
public sealed record Sorting
{
    private const int TagBytes = 4;

    /// <summary>Its name in cursors.</summary>
    public required string List { get; init; }

    /// <summary>What the API calls the time by which the ids go.</summary>
    public string Time { get; init; } = "createdAt";

    public IReadOnlyList<SortColumn> Columns { get; init; } = [];

    /// <summary>Closes cursors whose columns hold something about people; null where they may be read.</summary>
    public IDataProtector? Protector { get; init; }

    /// <summary>The order of a list about which nothing is said.</summary>
    public string Default => "-" + Time;

    internal string Allowed => string.Join(", ", Columns.Select(c => c.Name).Append(Time).SelectMany(name => new[] { name, "-" + name }));

    /// <summary>Null when an error was added.</summary>
    internal SortOrder? Read(string? sort, Guid tenant, ValidationErrors errors)
    {
        var wanted = sort ?? Default;
        var isDescending = wanted.StartsWith('-');
        var name = isDescending ? wanted[1..] : wanted;
        var column = Columns.FirstOrDefault(c => c.Name == name);
        if (column is not null || name == Time)
            return new SortOrder(this, wanted, column, isDescending, Tag(wanted, tenant));
        errors.Add("sort", ValidationCodes.UnknownValue, TextInput.Limits(("allowed", Allowed)));
        return null;
    }

    private uint Tag(string sort, Guid tenant) =>
        BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{List} {sort} {tenant}")).AsSpan(0, TagBytes));
}

/// <summary>The order in which a list is asked for.</summary>
internal sealed record SortOrder(Sorting Sorting, string Name, SortColumn? Column, bool IsDescending, uint Tag)
{
    /// <summary>Whether its cursors are ids alone, as those of lists are that know no other order.</summary>
    public bool IsDefault => Name == Sorting.Default;
}
