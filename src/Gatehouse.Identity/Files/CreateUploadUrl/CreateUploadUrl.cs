using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Files;
using Gatehouse.Identity.Data;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Files;

/// <summary>
/// Gives a user an address to which one file can be sent. The key is made here; of the name that was sent only what is harmless is in it.
/// A file that nobody asks for afterwards is removed (<see cref="RemoveUnkeptFiles"/>).
/// </summary>
internal static class CreateUploadUrl
{
    private const int MaxFileName = 255;

    // What arrives in the last moment must still be there to be asked for.
    private static readonly TimeSpan TimeToKeep = TimeSpan.FromDays(1);

    public sealed record Request
    {
        [Description(
            "Name of the file, at most 255 characters. Paths and all but ASCII letters, digits, dots, hyphens and underscores are left out."
        )]
        [Required, MaxLength(MaxFileName)]
        public string? FileName { get; init; }

        [Description("Media type; which are allowed depends on the purpose.")]
        [Required, MaxLength(100)]
        public string? ContentType { get; init; }

        [Description("Exact size in bytes.")]
        [Required]
        public long? Size { get; init; }

        [Description("document: PDF, JPEG, PNG, WebP, CSV or plain text, at most 20 MB.")]
        [Required, MaxLength(30)]
        public string? Purpose { get; init; }
    }

    public sealed record Response
    {
        [Description("Names the file from now on.")]
        public required string Key { get; init; }

        [Description("Signed address to send the file to.")]
        public required string Url { get; init; }

        [Description("HTTP method to send it with.")]
        public required string Method { get; init; }

        [Description("Headers to send along, exactly so.")]
        public required IReadOnlyDictionary<string, string> Headers { get; init; }

        public required DateTimeOffset ExpiresAt { get; init; }

        /// <summary>Hides the address: a record's own text would print it.</summary>
        public override string ToString() => "[upload]";
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPost(
                "/files/upload-urls",
                async (JsonBody<Request> body, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(body.Input, http.Actor(), http.RequestAborted)).ToResult(response =>
                        TypedResults.Ok(response)
                    )
            )
            .WithName(nameof(CreateUploadUrl))
            .WithSummary("Get an address to upload a file to")
            .WithDescription(
                "Send the file to the address with the method and headers of the answer, then ask for its download address. A file that "
                    + "nobody asks for within a day, or that has another size, is removed."
            )
            .Produces<Response>()
            .ProducesProblems(409)
            .LimitBy(FilesArea.UploadLimit)
            .RequireSignIn();

    internal sealed class Handler(Database database, UserFiles files, TimeProvider clock)
    {
        public async Task<Outcome<Response>> HandleAsync(Input<Request> input, Actor actor, CancellationToken cancellationToken)
        {
            var (request, errors) = input;
            var name = OneLine.Parse(request.FileName, "fileName", MaxFileName, errors);
            var purpose = ParsePurpose(request.Purpose, errors);
            CheckContent(request, purpose, errors);
            if (errors.Any)
                return RequestErrors.InvalidWith(errors);
            if (!files.Store.IsOn)
                return FilesErrors.Off;
            var (tenantId, userId) = (actor.Tenant.Id, actor.RequiredUser.Id);
            // The token outlived the account by a moment.
            if (await database.QueryAsync(db => StoredUser.FindAsync(db, tenantId, userId), cancellationToken) is null)
                return RequestErrors.Unauthenticated;

            var expiresAt = files.Store.NextExpiry();
            var key = FileKey.Make(userId, Guid.CreateVersion7(clock.GetUtcNow()), name!);
            await files.BeginAsync(
                new StoredFile
                {
                    TenantId = tenantId,
                    UserId = userId,
                    Id = key.Id,
                    Purpose = purpose!.Name,
                    ContentType = request.ContentType!,
                    Size = request.Size!.Value,
                    RemoveAfter = expiresAt + TimeToKeep,
                },
                cancellationToken
            );
            var upload = files.Store.SignUpload(key, request.ContentType!, request.Size.Value, expiresAt);
            return new Response
            {
                Key = key.ToString(),
                Url = upload.Url.AbsoluteUri,
                Method = HttpMethods.Put,
                Headers = upload.Headers,
                ExpiresAt = expiresAt,
            };
        }

        private static FilePurpose? ParsePurpose(string? name, ValidationErrors errors)
        {
            var purpose = FilePurpose.Find(name);
            if (string.IsNullOrEmpty(name))
                errors.Add("purpose", ValidationCodes.Required);
            else if (purpose is null)
                errors.Add("purpose", ValidationCodes.UnknownValue, Allowed(FilePurpose.All.Select(one => one.Name)));
            return purpose;
        }

        private static void CheckContent(Request request, FilePurpose? purpose, ValidationErrors errors)
        {
            if (string.IsNullOrEmpty(request.ContentType))
                errors.Add("contentType", ValidationCodes.Required);
            else if (purpose is not null && !purpose.ContentTypes.Contains(request.ContentType, StringComparer.Ordinal))
                errors.Add("contentType", ValidationCodes.UnknownValue, Allowed(purpose.ContentTypes));
            if (request.Size is not { } size)
                errors.Add("size", ValidationCodes.Required);
            else if (size < 1 || size > (purpose?.MaxBytes ?? long.MaxValue))
                errors.Add("size", ValidationCodes.OutOfRange, TextInput.Limits(("min", 1), ("max", purpose?.MaxBytes ?? long.MaxValue)));
        }

        private static IReadOnlyDictionary<string, object> Allowed(IEnumerable<string> values) =>
            TextInput.Limits(("allowed", string.Join(", ", values)));
    }
}
