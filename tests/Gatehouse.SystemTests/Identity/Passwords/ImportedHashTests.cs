using System.Net;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Identity.SignIn;

namespace Gatehouse.SystemTests.Identity.Passwords;

/// <summary>Users who are brought over with the hashes of another system.</summary>
[Collection<Undisturbed>]
public sealed class ImportedHashTests(RunningApp running)
{
    private const string Password = "correct horse battery staple";

    // Made with libxcrypt.
    private const string Bcrypt = "$2b$04$abcdefghijklmnopqrstuu7EJV7kdjBBQxyb0HjTh9KS7.Lah/6CG";

    // Made with hashlib of Python.
    private const string Django = "pbkdf2_sha256$5000$seasalt123$9FMQ4gn5ZjA2w1VlTMiIwGzM9EyZvfZiHN9kPAQ+I6s=";
    private const string AspNet = "AQAAAAEAACcQAAAAEAABAgMEBQYHCAkKCwwNDg/Z+V9lwt+dKF0miCMAylvinj7VAFVmY4NcTGLicFFQIg==";
    private const string Scrypt = "$scrypt$ln=10,r=8,p=1$MDEyMzQ1Njc4OWFiY2RlZg$7AnzIswxwEinpwz+ntydndYfVHPvOACmX9Vvo8hO1qM";

    // Of the tests of the reference implementation of Argon2.
    private const string Argon2 = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";

    private readonly TestApp app = running.App;

    [Theory]
    [InlineData(Bcrypt)]
    [InlineData(Django)]
    [InlineData(AspNet)]
    [InlineData(Scrypt)]
    [InlineData(Argon2, "password")]
    public async Task The_old_password_signs_in_and_its_hash_is_replaced_then(string hash, string password = Password)
    {
        var admin = await app.PlatformAdministratorAsync();
        var (email, id) = await ImportAsync(hash, admin);
        Assert.Empty(await app.Users.LettersAsync(email));

        Assert.Equal("identity.invalid-credentials", (await app.Users.SignInAsync(email, Guesses.Wrong)).Code);
        Assert.Equal(hash, await StoredAsync(id));
        Assert.Equal(HttpStatusCode.Created, (await app.Users.SignInAsync(email, password)).Status);
        Assert.StartsWith("$argon2id$v=19$m=19456,t=2,p=1$", await StoredAsync(id), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Created, (await app.Users.SignInAsync(email, password)).Status);
        Assert.Equal("identity.invalid-credentials", (await app.Users.SignInAsync(email, Guesses.Wrong)).Code);
    }

    [Fact]
    public async Task Sign_ins_at_once_all_succeed()
    {
        var (email, id) = await ImportAsync(Bcrypt, await app.PlatformAdministratorAsync());

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => app.Users.SignInAsync(email, Password)));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Created, answer.Status));
        Assert.StartsWith("$argon2id$", await StoredAsync(id), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a password", "identity.password-hash-unsupported")]
    [InlineData("$2b$15$abcdefghijklmnopqrstuu7EJV7kdjBBQxyb0HjTh9KS7.Lah/6CG", "identity.password-hash-too-costly")]
    public async Task What_would_open_nothing_is_rejected_and_nobody_is_created(string hash, string code)
    {
        var admin = await app.PlatformAdministratorAsync();
        var before = await CountAsync();

        var answer = await PostAsync(admin, hash);
        Assert.True(answer.Code == "request.invalid", answer.Text);
        Assert.Equal([$"passwordHash: {code}"], answer.Errors);
        Assert.Equal(["passwordHash: identity.password-hash-unsupported"], (await PostAsync(admin, new string('A', 10_240))).Errors);
        Assert.Equal(["passwordHash: identity.password-hash-with-password"], (await PostAsync(admin, Bcrypt, Password)).Errors);

        Assert.Equal(before, await CountAsync());

        Task<long> CountAsync() => app.ScalarAsync<long>("select count(*) from identity.users");
    }

    [Fact]
    public async Task Who_may_create_users_may_not_bring_hashes_with_them()
    {
        var answer = await PostAsync(await app.TenantAdministratorAsync(), Bcrypt);

        Assert.Equal((HttpStatusCode.Forbidden, "request.forbidden"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task A_failed_sign_in_costs_the_same_whichever_hash_is_stored()
    {
        await using var mine = await TestApp.StartAsync();
        var admin = await mine.PlatformAdministratorAsync();
        var dearest = await ImportAsync("$2b$10$abcdefghijklmnopqrstuuGGgFFcYeueaAql8Z7U7CnCTRw4DR77W", admin, mine);
        var others = new List<string> { TestUsers.NewEmail(), (await mine.Users.SomebodyAsync()).Email, dearest.Email };
        foreach (var hash in new[] { Bcrypt, Django, AspNet, Scrypt })
            others.Add((await ImportAsync(hash, admin, mine)).Email);

        // A password with another form counts twice, for all.
        foreach (var (password, times) in new[] { (Guesses.Wrong, 1), ("not\u00a0the one", 2) })
        {
            var work = new List<long>();
            foreach (var identifier in others)
            {
                using var trace = new TraceOf();
                Assert.Equal("identity.invalid-credentials", (await mine.Users.SignInAsync(identifier, password, trace.Header)).Code);
                Assert.Single(trace.Work(), "password.hash");
                work.Add(trace.HashWork());
            }

            Assert.True(work.Min() >= 19456 * 2 * times, string.Join(' ', work));
            // Whole passes over whole KiB: some tens are lost in rounding.
            Assert.True(work.Max() - work.Min() < 200, string.Join(' ', work));
        }

        // A node that starts knows what is stored, before it meets it.
        await using var later = await mine.StartNodeAsync();
        using var first = new TraceOf();
        await later.Users.SignInAsync(TestUsers.NewEmail(), Guesses.Wrong, first.Header);
        Assert.True(first.HashWork() > 19456 * 2, $"{first.HashWork()}");
    }

    private async Task<(string Email, Guid Id)> ImportAsync(string hash, SignedIn admin, TestApp? other = null)
    {
        var email = TestUsers.NewEmail();
        var created = await (other ?? app).PostAsync(
            "/v1/users",
            new
            {
                email,
                name = "Grace",
                passwordHash = hash,
            },
            admin
        );
        Assert.Equal(HttpStatusCode.Created, created.Status);
        Assert.True(created.Body.GetProperty("hasPassword").GetBoolean());
        return (email, AdministeredUsers.Id(created.Body));
    }

    private Task<Answer> PostAsync(SignedIn admin, string hash, string? password = null) =>
        app.PostAsync(
            "/v1/users",
            new
            {
                email = TestUsers.NewEmail(),
                name = "Grace",
                password,
                passwordHash = hash,
            },
            admin
        );

    private Task<string> StoredAsync(Guid id) => app.ScalarAsync<string>("select password_hash from identity.users where id = $1", id);
}
