using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Files;
using Gatehouse.Identity.Administration;
using Gatehouse.Identity.Data;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Files;

/// <summary>
/// Gives the addresses at which files can be read: to their user, and to who may see that user. A file that was asked for stays, if its
/// size is what was announced; otherwise it is removed.
/// </summary>
internal static class CreateDownloadUrls
{
    private const int MaxKeys = 100;

    public sealed record Request
    {
        [Description("Keys of files, at most 100.")]
        [Required, MaxLength(MaxKeys)]
        public IReadOnlyList<string>? Keys { get; init; }
    }

    public sealed record Response
    {
        [Description("In the order of the keys.")]
        public required IReadOnlyList<Download> Files { get; init; }
    }

    public sealed record Download
    {
        public required string Key { get; init; }

        public required string ContentType { get; init; }

        [Description("In bytes.")]
        public required long Size { get; init; }

        [Description("Address at which the file can be read.")]
        public required string Url { get; init; }

        [Description("Null if the address does not expire.")]
        public DateTimeOffset? ExpiresAt { get; init; }

        /// <summary>Hides the address: a record's own text would print it.</summary>
        public override string ToString() => "[download]";
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPost(
                "/files/download-urls",
                async (JsonBody<Request> body, Handler handler, CurrentAccess access, HttpContext http) =>
                {
                    var actor = http.Actor() with { Access = await access.FindAsync(http) };
                    return (await handler.HandleAsync(body.Input, actor, http.RequestAborted)).ToResult(response =>
                        TypedResults.Ok(response)
                    );
                }
            )
            .WithName(nameof(CreateDownloadUrls))
            .WithSummary("Get addresses to download files from")
            .WithDescription(
                "For own files, and for those of users that the actor may see (users:read). Others are reported as not found, and so is a "
                    + "file that has not arrived. Either all keys get an address or none."
            )
            .Produces<Response>()
            .ProducesProblems(409)
            .RequireSignIn();

    internal sealed class Handler(Database database, UserFiles files, ManagedUsers users)
    {
        public async Task<Outcome<Response>> HandleAsync(Input<Request> input, Actor actor, CancellationToken cancellationToken)
        {
            var (request, errors) = input;
            if (request.Keys is not { Count: > 0 } keys)
                errors.Add("keys", ValidationCodes.Required);
            else if (keys.Count > MaxKeys)
                errors.Add("keys", ValidationCodes.OutOfRange, TextInput.Limits(("min", 1), ("max", MaxKeys)));
            if (errors.Any)
                return RequestErrors.InvalidWith(errors);
            if (!files.Store.IsOn)
                return FilesErrors.Off;

            var found = new List<Download>();
            var visible = new Dictionary<Guid, bool>();
            for (var i = 0; i < request.Keys!.Count; i++)
            {
                if (await FindAsync(request.Keys[i], visible, actor, cancellationToken) is { } download)
                    found.Add(download);
                else
                    errors.Add(string.Create(CultureInfo.InvariantCulture, $"keys[{i}]"), FilesErrors.FileNotFound.Code);
            }

            return errors.Any ? RequestErrors.InvalidWith(errors) : new Response { Files = found };
        }

        private async Task<Download?> FindAsync(
            string text,
            Dictionary<Guid, bool> visible,
            Actor actor,
            CancellationToken cancellationToken
        )
        {
            if (FileKey.Parse(text) is not { } key || !await IsVisibleAsync(key.UserId, visible, actor, cancellationToken))
                return null;
            var file = await database.QueryAsync(db => StoredFile.FindAsync(db, actor.Tenant.Id, key.UserId, key.Id), cancellationToken);
            if (file is null || (file.RemoveAfter is not null && !await KeepAsync(file, key, cancellationToken)))
                return null;
            var address = files.Store.AddressOf(key, file.ContentType);
            return new Download
            {
                Key = text,
                ContentType = file.ContentType,
                Size = file.Size,
                Url = address.Url.AbsoluteUri,
                ExpiresAt = address.ExpiresAt,
            };
        }

        private async Task<bool> IsVisibleAsync(
            Guid userId,
            Dictionary<Guid, bool> visible,
            Actor actor,
            CancellationToken cancellationToken
        )
        {
            if (userId == actor.RequiredUser.Id)
                return true;
            if (!visible.TryGetValue(userId, out var isVisible))
            {
                isVisible = actor.Access is not null && await users.IsVisibleAsync(userId, actor, cancellationToken);
                visible.Add(userId, isVisible);
            }

            return isVisible;
        }

        private async Task<bool> KeepAsync(StoredFile file, FileKey key, CancellationToken cancellationToken)
        {
            // A photo is kept by being set.
            if (file.Purpose == StoredFile.Photo || await files.Store.FindSizeAsync(key, cancellationToken) is not { } size)
                return false;
            if (size != file.Size)
            {
                // The row stays as long as its address: what is sent there again is found by it.
                await files.Store.RemoveAsync(file.UserId, file.Id, cancellationToken);
                return false;
            }

            return await database.InTransactionAsync(
                "file.keep",
                tx => StoredFile.KeepAsync(tx, file.TenantId, file.UserId, file.Id),
                cancellationToken
            );
        }
    }
}
