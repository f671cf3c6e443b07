using Gatehouse.Contracts.Events;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Identity.Data;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Identity.Files;

/// <summary>
/// Changes a user's photo.
/// <para>Flow: decode and draw anew → note the file → store it → one transaction: lock the user → photo, event, audit; the old file
/// is given up → remove the old file. Whatever fails on the way, the user has the old photo or the new one, and
/// <see cref="RemoveUnkeptFiles"/> finds the other.</para>
/// <para>Publishes <c>user.updated.v1</c>.</para>
/// </summary>
internal sealed partial class PhotoChange(
    Database database,
    SubjectKeys subjectKeys,
    UserFiles files,
    PhotoStudio studio,
    TimeProvider clock,
    ILogger<PhotoChange> logger
)
{
    // Longer than any request, and soon enough for what nobody will see.
    private static readonly TimeSpan TimeToKeep = TimeSpan.FromHours(1);

    /// <param name="missing">Said where there is no such user.</param>
    public async Task<Outcome<Guid>> SetAsync(Guid userId, SentPhoto sent, Actor actor, Error missing, CancellationToken cancellationToken)
    {
        if (!files.Store.IsOn)
            return FilesErrors.Off;
        var developed = await studio.DevelopAsync(sent.Bytes, sent.Crop, cancellationToken);
        if (developed.Error is { } unusable)
            return unusable;
        if (await subjectKeys.FindAsync(userId, cancellationToken) is not { } key)
            return missing;

        var now = clock.GetUtcNow();
        var file = new StoredFile
        {
            TenantId = actor.Tenant.Id,
            UserId = userId,
            Id = Guid.CreateVersion7(now),
            Purpose = StoredFile.Photo,
            ContentType = StoredFile.PhotoType,
            Size = developed.Value.Length,
            RemoveAfter = now + TimeToKeep,
        };
        await files.BeginAsync(file, cancellationToken);
        await files.Store.WriteAsync(PictureAddresses.KeyOf(userId, file.Id), developed.Value, StoredFile.PhotoType, cancellationToken);
        var changed = await database.InTransactionAsync("photo.set", tx => ChangeAsync(tx, userId, file.Id, key, actor), cancellationToken);
        if (changed is null)
        {
            await RemoveAsync(file.TenantId, userId, file.Id);
            return missing;
        }

        if (changed.Old is { } old)
            await RemoveAsync(file.TenantId, userId, old);
        return userId;
    }

    /// <summary>Removing none changes nothing.</summary>
    /// <param name="missing">Said where there is no such user.</param>
    public async Task<Outcome<Guid>> RemoveAsync(Guid userId, Actor actor, Error missing, CancellationToken cancellationToken)
    {
        if (await subjectKeys.FindAsync(userId, cancellationToken) is not { } key)
            return missing;
        var changed = await database.InTransactionAsync(
            "photo.remove",
            tx => ChangeAsync(tx, userId, photo: null, key, actor),
            cancellationToken
        );
        if (changed is null)
            return missing;
        if (changed.Old is { } old && files.Store.IsOn)
            await RemoveAsync(actor.Tenant.Id, userId, old);
        return userId;
    }

    private static async Task<Changed?> ChangeAsync(Transaction tx, Guid userId, Guid? photo, SubjectKey key, Actor actor)
    {
        var tenantId = actor.Tenant.Id;
        if (await LockedUser.LockAsync(tx, tenantId, userId) is not { } user)
            return null;
        var old = user.Row.Photo;
        if (old is null && photo is null)
            return new Changed(Old: null);
        if (photo is { } kept && !await StoredFile.KeepAsync(tx, tenantId, userId, kept))
            return null;
        if (old is { } replaced)
            await StoredFile.ReleaseAsync(tx, tenantId, userId, replaced);
        await tx.ExecuteAsync(
            "update identity.users set photo = @photo where tenant_id = @tenantId and id = @userId",
            new
            {
                photo,
                tenantId,
                userId,
            }
        );
        user.Publish(tx, new UserUpdatedV1 { UserId = userId, Personal = key.Seal(new UserChangesV1(Presence(old), Presence(photo))) });
        tx.Record((AuditRecord.Of(actor, "user.updated") with { Subject = userId }).WithFact("changed", "photo"));
        await user.SaveAsync(tx);
        return new Changed(old);
    }

    // The change is done and stays; what is left over is removed later.
    private async Task RemoveAsync(Guid tenantId, Guid userId, Guid id)
    {
        try
        {
            await files.RemoveAsync(tenantId, userId, id, CancellationToken.None);
        }
        catch (DependencyAwayException)
        {
            Log.LeftOver(logger);
        }
    }

    private static Dictionary<string, string> Presence(Guid? photo) =>
        new(StringComparer.Ordinal) { ["photo"] = photo is null ? "" : "true" };

    private sealed record Changed(Guid? Old);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "A photo that was replaced could not be removed; it is tried again later")]
        public static partial void LeftOver(ILogger logger);
    }
}

/// <summary>A photo as it was sent.</summary>
/// <param name="Bytes">Not looked at yet.</param>
internal sealed record SentPhoto(ReadOnlyMemory<byte> Bytes, PhotoCrop? Crop);
