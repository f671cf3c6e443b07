using System.ComponentModel;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Results;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Audit;

/// <summary>
/// Verifies the chain as <c>gatehouse audit verify</c> does.
/// <para>Does not reveal to an administrator of a tenant how much other tenants do: one chain seals the records of all, so counts, batches
/// and messages are for those whose permission reaches across the installation.</para>
/// </summary>
internal static class VerifyAudit
{
    // What a page of the console may wait for.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public sealed record Response
    {
        [Description("Whether every record and every batch is as it was sealed, and sealing goes on.")]
        public required bool Intact { get; init; }

        [Description("When the verification began; records written later are not covered.")]
        public required DateTimeOffset VerifiedAt { get; init; }

        [Description("What was found in the whole installation; null without a platform role.")]
        public required Details? Details { get; init; }
    }

    public sealed record Details
    {
        [Description("Batches whose records were compared.")]
        public required long Batches { get; init; }

        [Description("Records in them.")]
        public required long Records { get; init; }

        [Description("Records not sealed yet.")]
        public required long Unsealed { get; init; }

        [Description("Checkpoints of the file Audit:CheckpointFile that were compared.")]
        public required long Checkpoints { get; init; }

        [Description("The first batch in which something differs; null if none does.")]
        public required long? FirstBrokenBatch { get; init; }

        [Description("Newest batch, which the last checkpoint names; null if nothing was sealed.")]
        public required long? LastBatch { get; init; }

        public required DateTimeOffset? LastSealedAt { get; init; }

        [Description("How long the verification took, in seconds.")]
        public required double Seconds { get; init; }

        public required long ErrorCount { get; init; }

        [Description("The first 100 of them, in English.")]
        public required IReadOnlyList<string> Errors { get; init; }

        [Description("In English, such as what retention has deleted.")]
        public required IReadOnlyList<string> Notes { get; init; }

        internal static Details Of(Verification run) =>
            new()
            {
                Batches = run.Report.Batches,
                Records = run.Report.Records,
                Unsealed = run.Report.Unsealed,
                Checkpoints = run.Report.Checkpoints,
                FirstBrokenBatch = run.Report.FirstBrokenBatch,
                LastBatch = run.Report.LastSealedAt is null ? null : run.Report.LastBatch,
                LastSealedAt = run.Report.LastSealedAt,
                Seconds = (run.EndedAt - run.StartedAt).TotalSeconds,
                ErrorCount = run.Report.ErrorCount,
                Errors = run.Report.Errors,
                Notes = run.Report.Notes,
            };
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapGet(
                "/audit/verify",
                async (Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(http.Actor(), http.RequestAborted)).ToResult(TypedResults.Ok)
            )
            .WithName(nameof(VerifyAudit))
            .WithSummary("Verify the audit log")
            .WithDescription(
                "Compares every record with its sealed batch. While that takes long, the answer is 409; the result is shared for a minute."
            )
            .Produces<Response>()
            .ProducesProblems(403, 409)
            .RequirePermission(AuditArea.ReadAudit);

    internal sealed class Handler(SharedVerification verification, TimeProvider clock)
    {
        public async Task<Outcome<Response>> HandleAsync(Actor actor, CancellationToken cancellationToken)
        {
            var run = verification.RunAsync();
            if (await Task.WhenAny(run, Task.Delay(Patience, clock, cancellationToken)) != run)
                return AuditErrors.VerificationRunning;
            var result = await run;
            return new Response
            {
                Intact = result.Report.ErrorCount == 0,
                VerifiedAt = result.StartedAt,
                Details = actor.RequiredAccess.AcrossTenants().Allows(AuditArea.ReadAudit.Name) ? Details.Of(result) : null,
            };
        }
    }
}
