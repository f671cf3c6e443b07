using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;
using Gatehouse.Identity.Data;

namespace Gatehouse.Identity.Verification;

/// <summary>
/// Limits the codes one address is sent in a day, per purpose. Beyond it nothing is sent and nothing else differs: a rejection would tell
/// that the address was sent codes today.
/// </summary>
internal static class CodeQuota
{
    public const string Registration = Users.EmailKind;
    public const string PasswordReset = "password-reset";
    public const string UserCreation = "user-creation";
    public const string ContactChange = "contact-change";
    public const string SecondFactor = "second-factor";

    /// <summary>Takes one from the quota, if it holds one for this share. Parallel takers never exceed a limit.</summary>
    public static async Task<bool> TakeAsync(
        Transaction tx,
        Guid tenantId,
        string purpose,
        short indexVersion,
        BlindIndexEntry index,
        int limit,
        Share share
    ) =>
        await tx.ExecuteAsync(
            """
            insert into identity.code_quotas as q (tenant_id, kind, index_version, blind_index, window_ends_at, sends, known_sends, shares)
            values (@tenantId, @purpose, @indexVersion, @index, @ends, 1, @IsKnown::int, jsonb_build_object(@Of, 1))
            on conflict (tenant_id, kind, index_version, blind_index) do update
               set sends = case when q.window_ends_at <= @now then 1 else q.sends + 1 end,
                   known_sends = case when q.window_ends_at <= @now then 0 else q.known_sends end + @IsKnown::int,
                   shares = case when q.window_ends_at <= @now then excluded.shares
                                 else q.shares || jsonb_build_object(@Of, coalesce((q.shares ->> @Of)::int, 0) + 1) end,
                   window_ends_at = case when q.window_ends_at <= @now then @ends else q.window_ends_at end
             where q.window_ends_at <= @now
                or q.sends < @limit and coalesce((q.shares ->> @Of)::int, 0) < @Max
                    and (@IsKnown or q.sends - q.known_sends < @limit - @Reserved)
            """,
            new
            {
                tenantId,
                purpose,
                indexVersion,
                index,
                now = tx.Now,
                ends = tx.Now.AddHours(24),
                limit,
                share.Of,
                share.IsKnown,
                share.Max,
                share.Reserved,
            }
        ) == 1;

    /// <summary>Whose part of the quota a code is taken from.</summary>
    /// <param name="Of">The network or the device; one and the same text where the quota is not shared out.</param>
    /// <param name="IsKnown">Whether it is a device that the account knows.</param>
    /// <param name="Max">Codes it may take.</param>
    /// <param name="Reserved">Codes that only known devices may take.</param>
    internal readonly record struct Share(string Of, bool IsKnown, int Max, int Reserved)
    {
        /// <summary>Whoever comes first.</summary>
        public static Share OfAll(int limit) => new("all", IsKnown: false, limit, Reserved: 0);

        /// <summary>
        /// Strangers share what is not reserved, each network its part; a device that the user signed in from before has a part of its own.
        /// </summary>
        /// <param name="network">Where the first code was asked for; null in what began before that was kept.</param>
        /// <param name="knownDevice">Null for a stranger's.</param>
        public static Share OfSource(BlindIndexEntry? network, Guid? knownDevice, ISharedCodeQuota quota) =>
            knownDevice is null
                ? new("network " + network, IsKnown: false, quota.CodesPerNetworkAndDay, quota.ReservedForKnownDevices)
                : new("device " + knownDevice, IsKnown: true, quota.CodesPerDeviceAndDay, quota.ReservedForKnownDevices);
    }
}

/// <summary>A quota of which known devices have a part of their own, so that strangers cannot use it up.</summary>
internal interface ISharedCodeQuota
{
    int CodesPerAddressAndDay { get; }

    int ReservedForKnownDevices { get; }

    int CodesPerNetworkAndDay { get; }

    int CodesPerDeviceAndDay { get; }
}
