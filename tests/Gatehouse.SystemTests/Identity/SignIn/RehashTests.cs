using System.Net;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Identity.SignIn;

/// <summary>When the settings ask for dearer hashes, each person's is replaced at the next sign-in, and nobody needs a new password.</summary>
public sealed class RehashTests
{
    [Fact]
    public async Task A_cheaper_hash_is_replaced_at_the_next_good_sign_in_and_the_password_works_on_nodes_old_and_new()
    {
        await using var old = await TestApp.StartAsync();
        await using var dearer = await old.StartNodeAsync(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["PasswordHashing:MemoryKiB"] = "20480",
            ["PasswordHashing:Passes"] = "3",
        });
        var person = await old.People.SomebodyAsync();
        var before = await HashAsync();
        Assert.StartsWith("$argon2id$v=19$m=19456,t=2,p=1$", before, StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.Unauthorized, (await dearer.People.SignInAsync(person.Email, "wrong")).Status);
        Assert.Equal(before, await HashAsync());
        Assert.Equal(HttpStatusCode.Created, (await dearer.People.SignInAsync(person.Email)).Status);
        var after = await HashAsync();
        Assert.StartsWith("$argon2id$v=19$m=20480,t=3,p=1$", after, StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.Created, (await old.People.SignInAsync(person.Email)).Status);
        Assert.Equal(HttpStatusCode.Created, (await dearer.People.SignInAsync(person.Email)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await dearer.People.SignInAsync(person.Email, "wrong")).Status);
        // A node with the old settings does not take the dearer one back.
        Assert.Equal(after, await HashAsync());
        Assert.Equal(HttpStatusCode.OK, (await old.People.RefreshAsync(person.Tokens.Refresh)).Status);

        Task<string> HashAsync() => old.ScalarAsync<string>("select password_hash from identity.users where id = $1", person.UserId);
    }

    [Fact]
    public async Task Sign_ins_at_once_replace_it_once_and_all_succeed()
    {
        await using var old = await TestApp.StartAsync();
        await using var dearer = await old.StartNodeAsync(new Dictionary<string, string?>(StringComparer.Ordinal) { ["PasswordHashing:MemoryKiB"] = "20480" });
        var person = await old.People.SomebodyAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => dearer.People.SignInAsync(person.Email)));

        Assert.All(answers, a => Assert.Equal(HttpStatusCode.Created, a.Status));
    }
}
