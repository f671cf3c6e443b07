using System.Text;
using Gatehouse.Identity.Passwords;
using Gatehouse.Identity.Passwords.Foreign;
using Gatehouse.Tests.Identity.Values;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Gatehouse.Tests.Identity.Passwords;

public sealed class ForeignHashTests : IDisposable
{
    private const string Password = "correct horse battery staple";

    private readonly HashingQueue gate = new(new PasswordHashingOptions(), TimeProvider.System);

    public void Dispose() => gate.Dispose();

    public static TheoryData<string, string, string> Vectors =>
        new()
        {
            // TestBCrypt.java of jBCrypt.
            { "jBCrypt", "abc", "$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i" },
            { "jBCrypt", "abcdefghijklmnopqrstuvwxyz", "$2a$06$.rCVZVOThsIa97pEDOxvGuRRgzG64bvtJ0938xuqzv18d3ZpQhstC" },
            { "jBCrypt", "~!@#$%^&*()      ~!@#$%^&*()PNBFRD", "$2a$10$LgfYWkbzEvQ4JakH7rOvHe0y8pHKF9OaFgwUZ2q7W2FFZmZzJYlfS" },
            // crypt() of libxcrypt.
            { "libxcrypt", Password, "$2b$04$abcdefghijklmnopqrstuu7EJV7kdjBBQxyb0HjTh9KS7.Lah/6CG" },
            { "libxcrypt", Password, "$2y$10$abcdefghijklmnopqrstuuGGgFFcYeueaAql8Z7U7CnCTRw4DR77W" },
            { "libxcrypt", Password, "$2a$08$N9qo8uLOickgx2ZMRZoMye.NSWye8iLgEqQoacenYlpsnbk3.8kJO" },
            { "libxcrypt", "Zażółć gęślą", "$2b$05$abcdefghijklmnopqrstuuqvrRb4qGQ9xkp09X4uw08RLpBMGJrkO" },
            { "libxcrypt", new string('x', 72), "$2b$05$abcdefghijklmnopqrstuujf8SX2ahXLwp9w/B.Y5XdysS6yR576q" },
            // RFC 7914, section 12.
            {
                "RFC 7914",
                "password",
                "$scrypt$ln=10,r=8,p=16$TmFDbA$/bq+HJ00cgB4VucZDQHp/nxq18vII3gw53N2Y0s3MWIurzDZLiKjiG/xCSedmDDaxyevuUqD7m2DYMvfoswGQA"
            },
            {
                "RFC 7914",
                "pleaseletmein",
                "$scrypt$ln=14,r=8,p=1$U29kaXVtQ2hsb3JpZGU$"
                    + "cCO9yzr9c0hGHAbNgf046/2o+7qQT44+qbVD9lRdofLVQylVYT8Pz2LUlwUkKpr55h6F3A1lHkDfzwF7RVdYhw"
            },
            // hashlib.scrypt of Python.
            { "Python", Password, "$scrypt$ln=14,r=8,p=1$MDEyMzQ1Njc4OWFiY2RlZg$tjK03tRvEjqCcPwmgtddMkgjlXrk8U/b9rIvfeBMKCc" },
            // RFC 6070, its third vector, as Django writes it.
            { "RFC 6070", "password", "pbkdf2_sha1$4096$salt$SwB5AbdlSJq+rUnZJvch0GWkKcE=" },
            // RFC 7914, section 11.
            {
                "RFC 7914",
                "Password",
                "pbkdf2_sha256$80000$NaCl$TdzY9guYviGDDO5e8icB+WQaRBjQTAQUrv8Ih2s0q1ah1CWhIlgzVJrbhBtRybMXaicr3ruh0HhHj2Kzl/M8jQ=="
            },
            // hashlib.pbkdf2_hmac of Python, in Django's form.
            { "Python", Password, "pbkdf2_sha256$5000$seasalt123$9FMQ4gn5ZjA2w1VlTMiIwGzM9EyZvfZiHN9kPAQ+I6s=" },
            { "Python", Password, "pbkdf2_sha1$5000$seasalt123$jLIGsWzRmoJEDDBGDmXCY/rSVt0=" },
            // The same in the form of ASP.NET Core Identity: HMAC-SHA256, -SHA512 and -SHA1.
            { "Python", Password, "AQAAAAEAACcQAAAAEAABAgMEBQYHCAkKCwwNDg/Z+V9lwt+dKF0miCMAylvinj7VAFVmY4NcTGLicFFQIg==" },
            { "Python", Password, "AQAAAAIAAYagAAAAEAABAgMEBQYHCAkKCwwNDg+HNphercic/uMU10oVOJcFooxzoeSLoVHx/CnyVEI1LA==" },
            { "Python", Password, "AQAAAAAAAAPoAAAAEAABAgMEBQYHCAkKCwwNDg8A6b+Q5v/5gBndnBKiBiA27187WD3zrXpRRPbHcnNx7A==" },
        };

    [Theory]
    [MemberData(nameof(Vectors))]
    public async Task A_known_hash_verifies_its_password_only(string source, string password, string hash)
    {
        Assert.NotEmpty(source);
        Assert.NotNull(Import(hash).Hash);
        Assert.Equal(PasswordMatch.Current, await MatchAsync(hash, password));
        Assert.Equal(PasswordMatch.None, await MatchAsync(hash, "." + password));
        Assert.Equal(PasswordMatch.None, await MatchAsync(hash, password[..^1]));
        Assert.Equal(PasswordMatch.None, await MatchAsync(hash, password, mayOpen: false));
        Assert.True(Hasher().NeedsRehash(new PasswordHash(hash)));
    }

    [Theory]
    [InlineData(10_000)]
    [InlineData(100_000)]
    public async Task A_hash_that_ASPNET_Core_Identity_makes_verifies(int iterations)
    {
        var hash = new PasswordHasher<object>(Options.Create(new PasswordHasherOptions { IterationCount = iterations })).HashPassword(
            new object(),
            Password
        );

        Assert.Equal(PasswordMatch.Current, await MatchAsync(hash, Password));
        Assert.Equal(PasswordMatch.None, await MatchAsync(hash, "another password"));
    }

    [Fact]
    public async Task Of_bcrypt_the_first_72_bytes_count()
    {
        const string Hash = "$2b$05$abcdefghijklmnopqrstuujf8SX2ahXLwp9w/B.Y5XdysS6yR576q";
        Assert.Equal(PasswordMatch.Current, await MatchAsync(Hash, new string('x', 73)));
        Assert.Equal(PasswordMatch.None, await MatchAsync(Hash, new string('x', 71)));
    }

    [Theory]
    [InlineData("e\u0301te\u0301 a\u0300 la mer")]
    [InlineData("two\u00a0words and\u3000more")]
    public async Task What_was_typed_opens_a_hash_that_was_made_of_it(string typed)
    {
        // Other systems hash what comes; here it is NFC, and every space an ordinary one.
        var salt = Encoding.ASCII.GetBytes("seasalt123");
        var tag = System.Security.Cryptography.Rfc2898DeriveBytes.Pbkdf2(
            Encoding.UTF8.GetBytes(typed),
            salt,
            1000,
            System.Security.Cryptography.HashAlgorithmName.SHA256,
            32
        );
        var hash = $"pbkdf2_sha256$1000$seasalt123${Convert.ToBase64String(tag)}";

        Assert.Equal(PasswordMatch.Former, await MatchAsync(hash, typed));
        Assert.Equal(PasswordMatch.None, await MatchAsync(hash, typed.Normalize().Replace('\u00a0', ' ').Replace('\u3000', ' ')));
    }

    [Theory]
    [InlineData("", "request.required")]
    [InlineData("correct horse battery staple")]
    [InlineData("5f4dcc3b5aa765d61d8327deb882cf99")]
    [InlineData("$1$salt$qJH7.N4xYta3aEG/dfqo/0")]
    [InlineData("$2x$04$abcdefghijklmnopqrstuu7EJV7kdjBBQxyb0HjTh9KS7.Lah/6CG")]
    [InlineData("$2b$04$abcdefghijklmnopqrstuu7EJV7kdjBBQxyb0HjTh9KS7.Lah/6C")]
    [InlineData("$2b$04$abcdefghijklmnopqrstuu7EJV7kdjBBQxyb0HjTh9KS7.Lah/6CG\n")]
    [InlineData("$2b$03$abcdefghijklmnopqrstuu7EJV7kdjBBQxyb0HjTh9KS7.Lah/6CG")]
    [InlineData("$2b$32$abcdefghijklmnopqrstuu7EJV7kdjBBQxyb0HjTh9KS7.Lah/6CG")]
    [InlineData("$2b$٠٤$abcdefghijklmnopqrstuu7EJV7kdjBBQxyb0HjTh9KS7.Lah/6CG")]
    [InlineData("$2b$15$abcdefghijklmnopqrstuu7EJV7kdjBBQxyb0HjTh9KS7.Lah/6CG", ImportedHash.TooCostly)]
    [InlineData("$2b$31$abcdefghijklmnopqrstuu7EJV7kdjBBQxyb0HjTh9KS7.Lah/6CG", ImportedHash.TooCostly)]
    [InlineData("pbkdf2_sha256$5000$seasalt123$9FMQ4gn5ZjA2w1VlTMiIwGzM9EyZvfZiHN9kPAQ+I6s")]
    [InlineData("pbkdf2_sha256$5000$seasalt123$9FMQ4gn5ZjA2w1VlTMiIwGzM9EyZvfZiHN9kPAQ+I6t=")]
    [InlineData("pbkdf2_sha256$5000$seasalt123$ 9FMQ4gn5ZjA2w1VlTMiIwGzM9EyZvfZiHN9kPAQ+I6s=")]
    [InlineData("pbkdf2_sha256$5000$seasalt123$")]
    [InlineData("pbkdf2_sha256$5000$$9FMQ4gn5ZjA2w1VlTMiIwGzM9EyZvfZiHN9kPAQ+I6s=")]
    [InlineData("pbkdf2_sha256$5000$sälz$9FMQ4gn5ZjA2w1VlTMiIwGzM9EyZvfZiHN9kPAQ+I6s=")]
    [InlineData("pbkdf2_sha256$0$seasalt123$9FMQ4gn5ZjA2w1VlTMiIwGzM9EyZvfZiHN9kPAQ+I6s=")]
    [InlineData("pbkdf2_sha256$-1$seasalt123$9FMQ4gn5ZjA2w1VlTMiIwGzM9EyZvfZiHN9kPAQ+I6s=")]
    [InlineData("pbkdf2_sha256$99999999999999999999$seasalt123$9FMQ4gn5ZjA2w1VlTMiIwGzM9EyZvfZiHN9kPAQ+I6s=")]
    [InlineData("pbkdf2_sha256$2000001$seasalt123$9FMQ4gn5ZjA2w1VlTMiIwGzM9EyZvfZiHN9kPAQ+I6s=", ImportedHash.TooCostly)]
    [InlineData(
        "pbkdf2_sha256$1000001$NaCl$TdzY9guYviGDDO5e8icB+WQaRBjQTAQUrv8Ih2s0q1ah1CWhIlgzVJrbhBtRybMXaicr3ruh0HhHj2Kzl/M8jQ==",
        ImportedHash.TooCostly
    )]
    [InlineData("pbkdf2_md5$5000$seasalt123$9FMQ4gn5ZjA2w1VlTMiIwGzM9EyZvfZiHN9kPAQ+I6s=")]
    [InlineData("AQAAAAMAACcQAAAAEAABAgMEBQYHCAkKCwwNDg/Z+V9lwt+dKF0miCMAylvinj7VAFVmY4NcTGLicFFQIg==")]
    [InlineData("AQAAAAEAACcQ")]
    [InlineData("AQAAAAEAACcQ/////wABAgMEBQYHCAkKCwwNDg/Z+V9lwt+dKF0miCMAylvinj7VAFVmY4NcTGLicFFQIg==")]
    [InlineData("AQAAAAH/////AAAAEAABAgMEBQYHCAkKCwwNDg/Z+V9lwt+dKF0miCMAylvinj7VAFVmY4NcTGLicFFQIg==")]
    [InlineData("AQAAAAEAHoSBAAAAEAABAgMEBQYHCAkKCwwNDg/Z+V9lwt+dKF0miCMAylvinj7VAFVmY4NcTGLicFFQIg==", ImportedHash.TooCostly)]
    [InlineData("$scrypt$ln=14,r=8,p=1$MDEyMzQ1Njc4OWFiY2RlZg$")]
    [InlineData("$scrypt$ln=14,r=8$MDEyMzQ1Njc4OWFiY2RlZg$tjK03tRvEjqCcPwmgtddMkgjlXrk8U/b9rIvfeBMKCc")]
    [InlineData("$scrypt$ln=0,r=8,p=1$MDEyMzQ1Njc4OWFiY2RlZg$tjK03tRvEjqCcPwmgtddMkgjlXrk8U/b9rIvfeBMKCc")]
    [InlineData("$scrypt$ln=64,r=8,p=1$MDEyMzQ1Njc4OWFiY2RlZg$tjK03tRvEjqCcPwmgtddMkgjlXrk8U/b9rIvfeBMKCc")]
    [InlineData("$scrypt$ln=14,r=8,p=1$MDEyMzQ1Njc4OWFiY2RlZg==$tjK03tRvEjqCcPwmgtddMkgjlXrk8U/b9rIvfeBMKCc")]
    [InlineData("$scrypt$ln=17,r=8,p=1$MDEyMzQ1Njc4OWFiY2RlZg$tjK03tRvEjqCcPwmgtddMkgjlXrk8U/b9rIvfeBMKCc", ImportedHash.TooCostly)]
    [InlineData("$scrypt$ln=31,r=1024,p=1024$MDEyMzQ1Njc4OWFiY2RlZg$tjK03tRvEjqCcPwmgtddMkgjlXrk8U/b9rIvfeBMKCc", ImportedHash.TooCostly)]
    [InlineData("$scrypt$ln=16,r=8,p=5$MDEyMzQ1Njc4OWFiY2RlZg$tjK03tRvEjqCcPwmgtddMkgjlXrk8U/b9rIvfeBMKCc", ImportedHash.TooCostly)]
    [InlineData("$argon2id$v=19$m=65536,t=2,p=4$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")]
    [InlineData("$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")]
    [InlineData("$argon2id$v=19$m=4194304,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc", ImportedHash.TooCostly)]
    public async Task What_is_damaged_unknown_or_beyond_the_caps_is_not_taken_and_opens_nothing(
        string hash,
        string code = ImportedHash.Unsupported
    )
    {
        Assert.Equal((null, code), Import(hash));
        Assert.Equal(PasswordMatch.None, await MatchAsync(hash, Password));
    }

    [Fact]
    public async Task Nor_is_a_long_one()
    {
        foreach (var hash in new[] { new string('A', 10_240), "$2b$" + new string('1', 10_240), new string('$', 10_240) })
        {
            Assert.Equal((null, ImportedHash.Unsupported), Import(hash));
            Assert.Equal(PasswordMatch.None, await MatchAsync(hash, Password));
        }
    }

    [Fact]
    public void One_of_our_own_is_taken_and_none_is_beside_a_password()
    {
        Assert.NotNull(Import("$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc").Hash);
        Assert.Equal((null, null), Import(hash: null));
        Assert.Equal((null, ImportedHash.WithPassword), Import("$2b$04$abcdefghijklmnopqrstuu7EJV7kdjBBQxyb0HjTh9KS7.Lah/6CG", Password));
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public void No_cost_prefix_holds_salt_or_tag(string source, string password, string hash)
    {
        Assert.NotEmpty(source + password);
        var prefix = ForeignHash.Read(hash)!.CostPrefix;
        Assert.StartsWith(prefix, hash, StringComparison.Ordinal);
        Assert.InRange(prefix.Length, 7, 30);
        Assert.All(["seasalt", "salt$", "NaCl", "MDEyMz"], salt => Assert.DoesNotContain(salt, prefix, StringComparison.Ordinal));
    }

    private async Task<PasswordMatch> MatchAsync(string hash, string password, bool mayOpen = true) =>
        (await Hasher().MatchAsync(new PasswordHash(hash), Typed(password), "client", default, mayOpen)).Value;

    private PasswordHasher Hasher() => hasher ??= new PasswordHasher(gate, new PasswordHashingOptions());

    private PasswordHasher? hasher;

    private static (PasswordHash? Hash, string? Code) Import(string? hash, string? password = null)
    {
        var errors = new Gatehouse.Core.Results.ValidationErrors();
        return (ImportedHash.Parse(hash, password, errors), errors.ToList() is [var error, ..] ? error.Code : null);
    }

    private static PasswordInput Typed(string text) => Parsing.Of((field, faults) => PasswordInput.Parse(text, field, faults)).Value!;
}
