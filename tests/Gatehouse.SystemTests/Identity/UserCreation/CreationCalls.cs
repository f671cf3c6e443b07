using System.Net;
using System.Text.Json;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Identity.UserCreation;

/// <summary>What those who create users by code do.</summary>
internal static class CreationCalls
{
    public const string Path = "/v1/user-creations";

    public static Task<Answer> VerificationAsync(this TestApp app, string contact, SignedIn by) =>
        app.PostAsync(
            "/v1/verifications",
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["purpose"] = "user-creation",
                [TestUsers.MemberOf(contact)] = contact,
            },
            by
        );

    /// <summary>A verification that waits for its code.</summary>
    public static async Task<Begun> BegunAsync(this TestApp app, string contact, SignedIn by)
    {
        var answer = await app.VerificationAsync(contact, by);
        Assert.True(answer.Status == HttpStatusCode.Accepted, answer.Text);
        var letter = await app.Users.LetterAsync(contact);
        return new Begun(answer.Body.GetProperty("verificationId").GetGuid(), letter.Code, contact, by);
    }

    /// <param name="more">Members beside the verification, the code and a name; null takes one away.</param>
    public static Task<Answer> CreateAsync(this TestApp app, Begun begun, params (string Name, object? Value)[] more)
    {
        var body = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["verificationId"] = begun.Id,
            ["code"] = begun.Code,
            ["name"] = "Grace",
            ["sendEmail"] = false,
        };
        foreach (var (name, value) in more)
            body[name] = value;
        return app.PostAsync(Path, body, begun.By);
    }

    /// <summary>The operation that the answer started, when it is over.</summary>
    public static async Task<JsonElement> EndAsync(this TestApp app, Task<Answer> call, SignedIn by)
    {
        var answer = await call;
        Assert.True(answer.Status == HttpStatusCode.Accepted, $"{answer.Status}: {answer.Text}");
        return await app.EndAsync(answer.Header("Location"), by);
    }

    /// <inheritdoc cref="EndAsync(TestApp, Task{Answer}, SignedIn)"/>
    public static async Task<JsonElement> EndAsync(this TestApp app, string path, SignedIn by)
    {
        JsonElement operation = default;
        await TestApp.EventuallyAsync(
            async () =>
            {
                operation = (await app.GetAsync(path, by)).Body;
                return operation.GetProperty("finishedAt").ValueKind != JsonValueKind.Null;
            },
            "the end of the operation"
        );
        return operation;
    }

    /// <summary>The user that the operation created.</summary>
    public static async Task<Guid> UserAsync(this Task<JsonElement> end)
    {
        var operation = await end;
        Assert.True(operation.GetProperty("state").GetString() == "succeeded", operation.ToString());
        return operation.GetProperty("result").GetProperty("userId").GetGuid();
    }

    /// <summary>How the operation failed.</summary>
    public static async Task<JsonElement> FailedAsync(this Task<JsonElement> end, string code)
    {
        var operation = await end;
        Assert.Equal("failed", operation.GetProperty("state").GetString());
        var error = operation.GetProperty("error");
        Assert.Equal(code, error.GetProperty("code").GetString());
        return error;
    }
}

/// <summary>A verification and its code.</summary>
internal sealed record Begun(Guid Id, string Code, string Contact, SignedIn By)
{
    public Begun Wrong => this with { Code = TestUsers.WrongCode(Code) };
}

/// <summary>Keeps the jobs of creations from running, while the test does something in between.</summary>
internal sealed class HeldJobs(TestApp app) : IAsyncDisposable
{
    public static async Task<HeldJobs> BeginAsync(TestApp app)
    {
        await app.ExecuteAsync(
            """
            create function public.hold() returns trigger language plpgsql as
            'begin if new.kind = ''users.create'' then new.run_at = ''2999-01-01''; end if; return new; end';
            """
        );
        await app.ExecuteAsync("create trigger hold before insert on runtime.jobs for each row execute function public.hold()");
        return new HeldJobs(app);
    }

    public Task ReleaseAsync() => app.ExecuteAsync("update runtime.jobs set run_at = '2000-01-01' where kind = 'users.create'");

    public async ValueTask DisposeAsync()
    {
        await app.ExecuteAsync("drop trigger hold on runtime.jobs");
        await app.ExecuteAsync("drop function public.hold()");
        await ReleaseAsync();
    }
}
