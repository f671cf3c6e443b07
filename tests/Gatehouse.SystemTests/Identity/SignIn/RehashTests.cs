using System.Net;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Identity.SignIn;

/// <summary>When the settings ask for dearer hashes, each person's is replaced at the next sign-in, and nobody needs a new
/// password.</summary>
[Collection<Undisturbed>]
public sealed class RehashTests(RunningApp running)
{
    private readonly TestApp old = running.App;

    [Fact]
    public async Task A_cheaper_hash_is_replaced_at_the_next_good_sign_in_and_the_password_works_on_nodes_old_and_new()
    {
        await using var dearer = await old.StartNodeAsync(
            new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["PasswordHashing:MemoryKiB"] = "20480",
                ["PasswordHashing:Passes"] = "3",
            }
        );
        var person = await old.Users.SomebodyAsync();
        var before = await HashAsync();
        Assert.StartsWith("$argon2id$v=19$m=19456,t=2,p=1$", before, StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.Unauthorized, (await dearer.Users.SignInAsync(person.Email, "wrong")).Status);
        Assert.Equal(before, await HashAsync());
        Assert.Equal(HttpStatusCode.Created, (await dearer.Users.SignInAsync(person.Email)).Status);
        var after = await HashAsync();
        Assert.StartsWith("$argon2id$v=19$m=20480,t=3,p=1$", after, StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.Created, (await old.Users.SignInAsync(person.Email)).Status);
        Assert.Equal(HttpStatusCode.Created, (await dearer.Users.SignInAsync(person.Email)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await dearer.Users.SignInAsync(person.Email, "wrong")).Status);
        // A node with the old settings does not take the dearer one back.
        Assert.Equal(after, await HashAsync());
        Assert.Equal(HttpStatusCode.OK, (await old.Users.RefreshAsync(person.Tokens.Refresh)).Status);

        Task<string> HashAsync() => old.ScalarAsync<string>("select password_hash from identity.users where id = $1", person.UserId);
    }

    [Fact]
    public async Task A_failed_sign_in_hashes_as_much_whatever_is_stored()
    {
        const string SaltAndTag = "c29tZXNhbHRzb21lc2FsdA$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
        var (cheap, dear) = (await old.Users.SomebodyAsync("cheap-cleo"), await old.Users.SomebodyAsync());
        // Settings that once were dearer than they are now.
        await StoreAsync($"$argon2id$v=19$m=24576,t=3,p=1${SaltAndTag}", dear.UserId);
        await old.ExecuteAsync("insert into identity.password_costs (memory_kib, passes) values (24576, 3), (262144, 10)");
        await using var node = await old.StartNodeAsync(
            new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["PasswordHashing:MemoryKiB"] = "20480",
                ["PasswordHashing:Passes"] = "3",
                ["SignIn:MaxFailures"] = "5",
            }
        );
        var work = new Dictionary<string, long>(StringComparer.Ordinal)
        {
            ["unknown"] = await FailAsync(TestUsers.NewEmail()),
            ["dearer than the settings"] = await FailAsync(dear.Email),
            ["cheaper than the settings"] = await FailAsync(cheap.Email),
        };
        foreach (
            var (kind, hash) in new (string, string?)[]
            {
                ("as the settings", $"$argon2id$v=19$m=20480,t=3,p=1${SaltAndTag}"),
                ("none", null),
                ("bcrypt", "$2b$04$abcdefghijklmnopqrstuu7EJV7kdjBBQxyb0HjTh9KS7.Lah/6CG"),
                ("PBKDF2", "pbkdf2_sha256$5000$seasalt123$9FMQ4gn5ZjA2w1VlTMiIwGzM9EyZvfZiHN9kPAQ+I6s="),
                ("damaged", $"$argon2id$v=19$m=65536,t=9,p=1${SaltAndTag}!"),
                ("beyond the caps", $"$argon2id$v=19$m=4194304,t=2,p=1${SaltAndTag}"),
                ("nearly the dearest", $"$argon2id$v=19$m=24575,t=3,p=1${SaltAndTag}"),
            }
        )
        {
            var person = await old.Users.SomebodyAsync();
            await StoreAsync(hash, person.UserId);
            work[kind] = await FailAsync(person.Email);
        }

        // The right password of an account that is closed by what was tried on its other identifier.
        for (var i = 0; i < 5; i++)
            await node.GuessAsync("cheap-cleo");
        work["right, but closed"] = await FailAsync(cheap.Email, TestUsers.Password);

        // Of the costs that were noted, the one that no hash has counts for nothing.
        Assert.All(work, w => Assert.True(w.Value is > (24576 * 3) - 10 and <= 24576 * 3, $"{w.Key}: {w.Value}"));

        Task StoreAsync(string? hash, Guid user) =>
            old.ExecuteAsync("update identity.users set password_hash = $1 where id = $2", (object?)hash ?? DBNull.Value, user);

        async Task<long> FailAsync(string identifier, string password = Guesses.Wrong)
        {
            using var trace = new TraceOf();
            Assert.Equal("identity.invalid-credentials", (await node.Users.SignInAsync(identifier, password, trace.Header)).Code);
            Assert.Single(trace.Work(), "password.hash");
            return trace.HashWork();
        }
    }

    [Fact]
    public async Task Sign_ins_at_once_replace_it_once_and_all_succeed()
    {
        await using var dearer = await old.StartNodeAsync(
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["PasswordHashing:MemoryKiB"] = "20480" }
        );
        var person = await old.Users.SomebodyAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => dearer.Users.SignInAsync(person.Email)));

        Assert.All(answers, a => Assert.Equal(HttpStatusCode.Created, a.Status));
    }
}
