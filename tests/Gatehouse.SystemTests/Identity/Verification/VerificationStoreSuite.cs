using System.Security.Cryptography;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Identity.Verification;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Identity.Verification;

/// <summary>What every store of verifications does. The purposes are the tests' own: each is one class and nothing else.</summary>
public abstract class VerificationStoreSuite(TestApp app)
{
    private static readonly Guid Tenant = Guid.Parse("00000000-0000-7000-8000-00000000000a");
    private static readonly Hash<OneTimeCode> Code = new(SHA256.HashData("code"u8));
    private static readonly Hash<OneTimeCode> Wrong = new(SHA256.HashData("wrong"u8));

    private readonly VerificationPurpose purpose = new Purpose("test-invitation", prolong: false);
    private readonly VerificationPurpose other = new Purpose("test-change", prolong: true);

    protected TestApp App { get; } = app;

    internal abstract IVerificationStore Store { get; }

    /// <summary>Whether what is over needs no removal.</summary>
    protected virtual bool EndByThemselves => false;

    [Fact]
    public async Task A_verification_is_found_by_its_purpose_tenant_and_id_until_its_time_is_over()
    {
        var pending = await AddAsync(purpose);

        var found = await ReadAsync(db => Store.FindAsync(db, purpose, Tenant, pending.Id, Now));
        Assert.Equal(
            (pending.Purpose, pending.Channel, pending.AttemptsRemaining, pending.Sends),
            (found!.Purpose, found.Channel, found.AttemptsRemaining, found.Sends)
        );
        Assert.Equal(pending.TargetIndex, found.TargetIndex);
        Assert.True(found.CodeHash.Matches(pending.CodeHash));
        Assert.True(found.LinkHash.Matches(pending.LinkHash));
        Assert.Equal("""{"a": 1}""", found.Payload);
        Assert.Equal(
            (pending.CodeExpiresAt, pending.ResendAt, pending.ExpiresAt, null),
            (found.CodeExpiresAt, found.ResendAt, found.ExpiresAt, found.CompletedAt)
        );
        Assert.NotNull(await ReadAsync(db => Store.FindByLinkAsync(db, purpose, Tenant, pending.LinkHash, Now)));

        Assert.Null(await ReadAsync(db => Store.FindAsync(db, other, Tenant, pending.Id, Now)));
        Assert.Null(await ReadAsync(db => Store.FindAsync(db, purpose, Guid.Empty, pending.Id, Now)));
        Assert.Null(await ReadAsync(db => Store.FindAsync(db, purpose, Tenant, Guid.Empty, Now)));
        Assert.Null(await ReadAsync(db => Store.FindAsync(db, purpose, Tenant, pending.Id, pending.ExpiresAt)));
        Assert.Null(await ReadAsync(db => Store.FindByLinkAsync(db, other, Tenant, pending.LinkHash, Now)));
        Assert.Null(await ReadAsync(db => Store.FindByLinkAsync(db, purpose, Tenant, new(Wrong.ToStored()), Now)));
    }

    [Fact]
    public async Task A_code_or_link_of_one_purpose_or_tenant_is_none_of_another()
    {
        var pending = await AddAsync(purpose);

        Assert.Equal(other.NotFound, await TryCodeAsync(other, pending.Id, Code));
        Assert.Equal(VerificationErrors.LinkInvalid, await TryLinkAsync(other, id: null, pending.LinkHash));
        Assert.Equal(other.NotFound, await TryLinkAsync(other, pending.Id, pending.LinkHash));
        Assert.Equal(other.NotFound, (await WriteAsync(tx => Store.RenewAsync(tx, other, Tenant, pending.Id))).Rejection);
        Assert.Null(await WriteAsync(tx => Store.IssueAsync(tx, other, Tenant, pending.Id, 1, IssuedHashes.None, userId: null)));
        Assert.Equal(purpose.NotFound, (await WriteAsync(tx => Store.TryCodeAsync(tx, purpose, Guid.Empty, pending.Id, Code))).Rejection);

        Assert.Null(await TryCodeAsync(purpose, pending.Id, Code));
    }

    [Fact]
    public async Task Parallel_guesses_count_one_by_one_and_then_the_right_code_is_rejected_too()
    {
        var pending = await AddAsync(purpose);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => TryCodeAsync(purpose, pending.Id, Wrong)));

        Assert.Equal(
            [
                "identity.code-wrong 0",
                "identity.code-wrong 1",
                "identity.code-wrong 2",
                .. Enumerable.Repeat("identity.too-many-attempts ", 5),
            ],
            answers.Select(answer => $"{answer!.Code} {answer.Facts.GetValueOrDefault("attemptsRemaining")}").Order(StringComparer.Ordinal)
        );
        Assert.Equal(VerificationErrors.TooManyAttempts, await TryCodeAsync(purpose, pending.Id, Code));
        Assert.Null(await TryLinkAsync(purpose, pending.Id, pending.LinkHash));
    }

    [Fact]
    public async Task A_wrong_secret_typed_with_a_link_counts_like_a_wrong_code()
    {
        var pending = await AddAsync(purpose);

        for (var remaining = 2; remaining >= 0; remaining--)
            Assert.Equal(
                remaining,
                (await TryLinkAsync(purpose, id: null, pending.LinkHash, secretMatches: false))!.Facts["attemptsRemaining"]
            );
        Assert.Equal(VerificationErrors.TooManyAttempts, await TryLinkAsync(purpose, id: null, pending.LinkHash, secretMatches: true));
        Assert.Equal(VerificationErrors.TooManyAttempts, await TryCodeAsync(purpose, pending.Id, Code));
    }

    [Fact]
    public async Task A_guess_in_a_transaction_that_fails_does_not_count()
    {
        var pending = await AddAsync(purpose);

        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            WriteAsync<VerificationStep>(async tx =>
            {
                await Store.TryCodeAsync(tx, purpose, Tenant, pending.Id, Wrong);
                throw new InvalidOperationException("something else failed");
            })
        );

        Assert.Equal(3, (await ReadAsync(db => Store.FindAsync(db, purpose, Tenant, pending.Id, Now)))!.AttemptsRemaining);
    }

    [Fact]
    public async Task Another_message_voids_code_and_link_of_before_and_gives_new_attempts()
    {
        var pending = await AddAsync(purpose, resendAt: Now);
        await TryCodeAsync(purpose, pending.Id, Wrong);

        var renewed = (await WriteAsync(tx => Store.RenewAsync(tx, purpose, Tenant, pending.Id))).Pending!;
        Assert.Equal((3, 2), (renewed.AttemptsRemaining, renewed.Sends));
        Assert.Equal("identity.code-wrong", (await TryCodeAsync(purpose, pending.Id, Code))!.Code);
        Assert.Equal(VerificationErrors.LinkInvalid, await TryLinkAsync(purpose, id: null, pending.LinkHash));
        Assert.Equal(
            VerificationErrors.ResendTooSoon.Code,
            (await WriteAsync(tx => Store.RenewAsync(tx, purpose, Tenant, pending.Id))).Rejection!.Code
        );

        var hashes = new IssuedHashes(Code, new(SHA256.HashData("new link"u8)));
        var user = Guid.Parse("00000000-0000-7000-8000-0000000000aa");
        Assert.Null(await WriteAsync(tx => Store.IssueAsync(tx, purpose, Tenant, pending.Id, 1, hashes, user)));
        Assert.Equal(user, (await WriteAsync(tx => Store.IssueAsync(tx, purpose, Tenant, pending.Id, 2, hashes, user)))!.UserId);
        Assert.Null(await TryLinkAsync(purpose, id: null, hashes.Link));
        Assert.Null(await TryCodeAsync(purpose, pending.Id, Code));
    }

    [Fact]
    public async Task Only_where_messages_prolong_does_another_one_move_the_end()
    {
        var (fixedEnd, moving) = (await AddAsync(purpose, resendAt: Now), await AddAsync(other, resendAt: Now));

        var (kept, moved) = (
            (await WriteAsync(tx => Store.RenewAsync(tx, purpose, Tenant, fixedEnd.Id))).Pending!,
            (await WriteAsync(tx => Store.RenewAsync(tx, other, Tenant, moving.Id))).Pending!
        );

        Assert.Equal(fixedEnd.ExpiresAt, kept.ExpiresAt);
        Assert.True(moved.ExpiresAt > moving.ExpiresAt);
    }

    [Fact]
    public async Task A_completed_verification_knows_nothing_any_more_and_says_so_to_who_has_the_code()
    {
        var pending = await AddAsync(purpose);
        await WriteAsync(async tx =>
        {
            var step = await Store.TryCodeAsync(tx, purpose, Tenant, pending.Id, Code);
            await Store.CompleteAsync(tx, step.Pending!);
            return step;
        });

        var completed = await ReadAsync(db => Store.FindAsync(db, purpose, Tenant, pending.Id, Now));
        Assert.Equal("{}", completed!.Payload);
        Assert.NotNull(completed.CompletedAt);
        Assert.Equal(purpose.Completed, await TryCodeAsync(purpose, pending.Id, Code));
        Assert.Equal(purpose.Completed, await TryLinkAsync(purpose, pending.Id, pending.LinkHash));
        Assert.Equal("identity.code-wrong", (await TryCodeAsync(purpose, pending.Id, Wrong))!.Code);
    }

    [Fact]
    public async Task One_of_many_at_once_has_the_verification_and_the_others_learn_that_it_is_completed()
    {
        var pending = await AddAsync(purpose);

        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(_ =>
                    WriteAsync(async tx =>
                    {
                        var step = await Store.TryCodeAsync(tx, purpose, Tenant, pending.Id, Code);
                        if (step.Rejection is null)
                            await Store.CompleteAsync(tx, step.Pending!);
                        return step.Rejection;
                    })
                )
        );

        Assert.Single(answers, answer => answer is null);
        Assert.Equal(7, answers.Count(answer => answer == purpose.Completed));
    }

    [Fact]
    public async Task Whatever_a_transaction_did_that_fails_is_as_before()
    {
        var (begun, pending) = (Guid.Empty, await AddAsync(purpose, resendAt: Now));

        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            WriteAsync<bool>(async tx =>
            {
                var step = await Store.TryCodeAsync(tx, purpose, Tenant, pending.Id, Code);
                await Store.CompleteAsync(tx, step.Pending!);
                throw new InvalidOperationException("something else failed");
            })
        );
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            WriteAsync<bool>(async tx =>
            {
                await Store.RenewAsync(tx, purpose, Tenant, pending.Id);
                await Store.IssueAsync(tx, purpose, Tenant, pending.Id, 2, IssuedHashes.None, userId: null);
                begun = await AddAsync(tx, purpose);
                throw new InvalidOperationException("something else failed");
            })
        );

        Assert.Null(await ReadAsync(db => Store.FindAsync(db, purpose, Tenant, begun, Now)));
        var found = (await ReadAsync(db => Store.FindByLinkAsync(db, purpose, Tenant, pending.LinkHash, Now)))!;
        Assert.Equal(("""{"a": 1}""", null, 1), (found.Payload, found.CompletedAt, found.Sends));
        Assert.Null(await TryCodeAsync(purpose, pending.Id, Code));
    }

    [Fact]
    public async Task What_a_transaction_holds_is_free_when_it_commits_without_completing()
    {
        var pending = await AddAsync(purpose);

        for (var i = 0; i < 3; i++)
            Assert.Null(await TryCodeAsync(purpose, pending.Id, Code));
    }

    [Fact]
    public async Task Messages_to_an_address_are_limited_however_parallel_and_only_those_of_a_commit_count()
    {
        var index = new BlindIndexEntry(RandomNumberGenerator.GetBytes(32));
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            WriteAsync<bool>(async tx =>
            {
                Assert.True(await Store.TakeMessageAsync(tx, Tenant, "test", indexVersion: 1, index, limit: 1));
                throw new InvalidOperationException("something else failed");
            })
        );

        var taken = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => TakeAsync(Tenant, "test", index)));

        Assert.Equal(3, taken.Count(one => one));
        Assert.True(await TakeAsync(Tenant, "other", index));
        Assert.True(await TakeAsync(Guid.Empty, "test", index));
        Assert.True(await TakeAsync(Tenant, "test", new BlindIndexEntry(RandomNumberGenerator.GetBytes(32))));

        Task<bool> TakeAsync(Guid tenant, string kind, BlindIndexEntry of) =>
            WriteAsync(tx => Store.TakeMessageAsync(tx, tenant, kind, indexVersion: 1, of, limit: 3));
    }

    [Fact]
    public async Task What_is_over_is_removed_and_nothing_else()
    {
        var (over, open) = (await AddAsync(purpose, ends: Now.AddSeconds(-1)), await AddAsync(purpose));

        var removed = new List<Guid>();
        while (await ReadAsync(db => Store.RemoveExpiredAsync(db, Now)) is { Count: > 0 } some)
            removed.AddRange(some);

        Assert.Equal(EndByThemselves, !removed.Contains(over.Id));
        Assert.DoesNotContain(open.Id, removed);
        Assert.Null(await ReadAsync(db => Store.FindAsync(db, purpose, Tenant, over.Id, over.ExpiresAt.AddSeconds(-1))));
        Assert.NotNull(await ReadAsync(db => Store.FindAsync(db, purpose, Tenant, open.Id, Now)));
    }

    [Fact]
    public async Task Of_a_user_who_is_no_more_none_is_left_and_of_others_all()
    {
        var (user, somebody) = (Guid.CreateVersion7(Now), Guid.CreateVersion7(Now));
        var begun = Pending(purpose) with { UserId = user };
        var theirs = Pending(purpose) with { UserId = somebody };
        foreach (var one in new[] { begun, theirs })
            await WriteAsync(async tx =>
            {
                await Store.AddAsync(tx, one);
                return true;
            });
        var issued = await AddAsync(other);
        await WriteAsync(tx => Store.IssueAsync(tx, other, Tenant, issued.Id, 1, IssuedHashes.None, user));

        // Repeating it changes nothing.
        for (var time = 0; time < 2; time++)
            await ReadAsync(async db =>
            {
                await Store.ForgetUserAsync(db, Tenant, user);
                return true;
            });

        Assert.Null(await ReadAsync(db => Store.FindAsync(db, purpose, Tenant, begun.Id, Now)));
        Assert.Null(await ReadAsync(db => Store.FindByLinkAsync(db, purpose, Tenant, begun.LinkHash, Now)));
        Assert.Null(await ReadAsync(db => Store.FindAsync(db, other, Tenant, issued.Id, Now)));
        Assert.NotNull(await ReadAsync(db => Store.FindAsync(db, purpose, Tenant, theirs.Id, Now)));
    }

    private DateTimeOffset Now => App.Clock.GetUtcNow();

    private async Task<PendingVerification> AddAsync(VerificationPurpose of, DateTimeOffset? resendAt = null, DateTimeOffset? ends = null)
    {
        var pending = Pending(of, resendAt, ends);
        await WriteAsync(async tx =>
        {
            await Store.AddAsync(tx, pending);
            return true;
        });
        return pending;
    }

    private async Task<Guid> AddAsync(Transaction tx, VerificationPurpose of)
    {
        var pending = Pending(of);
        await Store.AddAsync(tx, pending);
        return pending.Id;
    }

    private PendingVerification Pending(VerificationPurpose of, DateTimeOffset? resendAt = null, DateTimeOffset? ends = null)
    {
        var now = new DateTimeOffset(Now.Ticks / 10 * 10, TimeSpan.Zero);
        return new PendingVerification
        {
            TenantId = Tenant,
            Id = Guid.CreateVersion7(now),
            Purpose = of.Name,
            IndexVersion = 1,
            TargetIndex = new BlindIndexEntry(Wrong.ToStored()),
            Payload = """{"a": 1}""",
            CodeHash = Code,
            CodeExpiresAt = now + of.CodeLifetime,
            AttemptsRemaining = (short)of.Attempts,
            Sends = 1,
            ResendAt = resendAt is null ? now.AddMinutes(1) : now.AddSeconds(-1),
            CreatedAt = now,
            ExpiresAt = ends ?? now + of.Lifetime - TimeSpan.FromMinutes(1),
        };
    }

    private async Task<Error?> TryCodeAsync(VerificationPurpose of, Guid id, Hash<OneTimeCode> hash) =>
        (await WriteAsync(tx => Store.TryCodeAsync(tx, of, Tenant, id, hash))).Rejection;

    private async Task<Error?> TryLinkAsync(VerificationPurpose of, Guid? id, Hash<LinkToken> hash, bool? secretMatches = null) =>
        (await WriteAsync(tx => Store.TryLinkAsync(tx, of, Tenant, id, hash, secretMatches))).Rejection;

    private Task<T> WriteAsync<T>(Func<Transaction, Task<T>> work) =>
        App.Services.GetRequiredService<Database>().InTransactionAsync("test", work, default);

    private Task<T> ReadAsync<T>(Func<DbSession, Task<T>> work) => App.Services.GetRequiredService<Database>().QueryAsync(work, default);

    private sealed class Purpose(string name, bool prolong) : VerificationPurpose
    {
        public override string Name => name;

        public override int CodeDigits => 6;

        public override TimeSpan CodeLifetime => TimeSpan.FromMinutes(10);

        public override int Attempts => 3;

        public override int MaxSends => 3;

        public override TimeSpan Lifetime => TimeSpan.FromMinutes(30);

        public override bool MessagesProlong => prolong;

        public override Error NotFound { get; } = new($"identity.{name}-not-found", ErrorKind.NotFound);

        public override Error Completed { get; } = new($"identity.{name}-completed", ErrorKind.Conflict);
    }
}

/// <summary>The store in the main database.</summary>
public sealed class PostgresVerificationStoreTests(RunningApp running) : VerificationStoreSuite(running.App)
{
    internal override IVerificationStore Store { get; } = new PostgresVerificationStore();
}
