using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using Gatehouse.Identity.Data;

namespace Gatehouse.Identity.Administration;

/// <summary>A user's account as administrators see it. Its entity tag is the one that the owner sees.</summary>
public sealed record ManagedUser : UserView
{
    [SetsRequiredMembers]
    internal ManagedUser(UserView account, string status)
        : base(account) => Status = status;

    [Description(UserStatus.Description)]
    public required string Status { get; init; }
}
