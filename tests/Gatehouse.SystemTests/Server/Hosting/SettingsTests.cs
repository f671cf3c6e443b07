using Gatehouse.Core.Configuration;
using Gatehouse.Server.Hosting;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Server.Hosting;

public sealed class SettingsTests
{
    [Fact]
    public void Production_with_nothing_configured_names_every_variable_at_once()
    {
        var errors = ValidationErrors(development: false, []);

        foreach (
            var variable in new[]
            {
                "GATEHOUSE__DATABASE__CONNECTIONSTRING",
                "GATEHOUSE__KEYS__MASTER",
                "GATEHOUSE__HTTP__PUBLICURL",
                "GATEHOUSE__MAIL__FROM",
                "GATEHOUSE__MAIL__SMTP__HOST",
            }
        )
            Assert.Contains(variable, errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Http:Address", "0.0.0.0", "GATEHOUSE__HTTP__ADDRESS")]
    [InlineData("Http:Address", "::", "GATEHOUSE__HTTP__ADDRESS")]
    [InlineData("Http:ManagementAddress", "192.0.2.1", "GATEHOUSE__HTTP__MANAGEMENTADDRESS")]
    public void Development_mode_listens_on_loopback_only(string name, string value, string variable)
    {
        var errors = ValidationErrors(development: true, new(Complete, StringComparer.Ordinal) { [name] = value });

        Assert.Contains("must be a loopback address in development mode", errors, StringComparison.Ordinal);
        Assert.Contains(variable, errors, StringComparison.Ordinal);
    }

    [Fact]
    public void The_development_inbox_is_rejected_in_production()
    {
        var errors = ValidationErrors(development: false, new(Production, StringComparer.Ordinal) { ["Mail:Sender"] = "inbox" });

        Assert.Contains("GATEHOUSE__MAIL__SENDER", errors, StringComparison.Ordinal);
        Assert.Contains("must be one of smtp", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Mail:Smtp:Security", "ssl", "must be starttls, tls or none")]
    [InlineData("Mail:Smtp:Authentication", "ntlm", "must be password, plain, login or xoauth2")]
    [InlineData("Mail:Smtp:EhloName", "a name", "must be a host name")]
    [InlineData("Mail:From", "accounts@exa mple.com", "must be a mail address")]
    [InlineData("Mail:From", "kontö@example.com", "must be a mail address")]
    public void Mail_settings_that_cannot_be_used_are_named_with_what_can(string name, string value, string words)
    {
        var errors = ValidationErrors(development: false, new(Production, StringComparer.Ordinal) { [name] = value });

        Assert.Contains(words, errors, StringComparison.Ordinal);
        Assert.Contains(
            "GATEHOUSE__" + name.Replace(":", "__", StringComparison.Ordinal).ToUpperInvariant(),
            errors,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("Files:AddressSeconds", "59", "must be a whole number from 60 to 604800")]
    [InlineData("Files:AddressSeconds", "604801", "must be a whole number from 60 to 604800")]
    [InlineData("Files:Store", "ftp", "must be one of none, local, s3, azure, gcloud")]
    [InlineData("Files:Store", "s3", "the name of the bucket")]
    [InlineData("Files:Store", "azure", "the name of the storage account")]
    [InlineData("Files:Store", "gcloud", "must be the path of a file that can be read")]
    [InlineData("Files:Local:Folder", "files", "must be an absolute path")]
    [InlineData("Files:PublicUrl", "https://files.example.com/", "must be empty with local")]
    public void Settings_of_files_that_cannot_be_used_are_named_with_what_can(string name, string value, string words) =>
        Assert.Contains(
            words,
            ValidationErrors(development: false, new(Production, StringComparer.Ordinal) { [name] = value }),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("60")]
    [InlineData("604800")]
    public void Addresses_of_files_may_be_good_for_a_minute_and_for_seven_days(string seconds)
    {
        // One that is wrong, so that there is something to read.
        var settings = new Dictionary<string, string?>(Production, StringComparer.Ordinal)
        {
            ["Files:AddressSeconds"] = seconds,
            ["Files:Store"] = "ftp",
        };

        Assert.DoesNotContain("ADDRESSSECONDS", ValidationErrors(development: false, settings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_mail_password_does_not_travel_in_clear()
    {
        var settings = new Dictionary<string, string?>(Production, StringComparer.Ordinal)
        {
            ["Mail:Smtp:Security"] = "none",
            ["Mail:Smtp:Username"] = "gatehouse",
            ["Mail:Smtp:Password"] = "a secret of the server",
        };
        var errors = ValidationErrors(development: false, settings);

        Assert.Contains("the password would be sent unencrypted", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("a secret of the server", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Mail:Http:Url", "http://mailer.example.com/", "must begin with https://")]
    [InlineData("Mail:Http:Url", "ftp://mailer.example.com/", "must begin with https://")]
    [InlineData("Mail:Http:Url", "https://me:geheim@mailer.example.com/", "must have no user name")]
    [InlineData("Mail:Http:Url", "mailer", "must be an absolute URL")]
    [InlineData("Mail:Http:TimeoutSeconds", "0", "must be a whole number from 1 to 40")]
    [InlineData("Mail:Signing:Secret", "geheim", "must be 24 to 64 bytes in Base64")]
    [InlineData("Mail:Signing:Secret", "whsec_Z2VoZWltZ2VoZWltZ2VoZWltZ2VoZWlt!", "must be 24 to 64 bytes in Base64")]
    [InlineData("Mail:Signing:PreviousSecret", "Z2VoZWlt", "must be 24 to 64 bytes in Base64")]
    public void Settings_of_a_mailer_that_cannot_be_used_are_named_with_what_can(string name, string value, string words) =>
        AssertMailerError(name, value, words, Mailer);

    [Theory]
    [InlineData("Kafka:Servers", "", "Gatehouse:Mail:Sender is \"kafka\" but must be smtp, sendgrid or http if Kafka:Servers is not set")]
    [InlineData("Mail:Kafka:Topic", "our mails", "must be 1 to 249 letters")]
    [InlineData("Mail:Kafka:Topic", "..", "must be 1 to 249 letters")]
    [InlineData("Mail:Kafka:Topic", "gatehouse.notifications", "must not be a topic of the events")]
    [InlineData("Mail:Kafka:RetentionHours", "0", "must be a whole number from 1 to 168")]
    [InlineData("Mail:Signing:Secret", "geheim", "must be 24 to 64 bytes in Base64")]
    public void Settings_of_a_topic_for_messages_that_cannot_be_used_are_named_with_what_can(string name, string value, string words) =>
        AssertMailerError(
            name,
            value,
            words,
            new(Mailer, StringComparer.Ordinal) { ["Mail:Sender"] = "kafka", ["Kafka:Servers"] = "localhost:9" }
        );

    [Fact]
    public void A_mailer_without_settings_has_all_of_them_named_at_once()
    {
        var errors = ValidationErrors(
            development: true,
            new(Complete, StringComparer.Ordinal) { ["Mail:Sender"] = "http", ["Mail:Http:TimeoutSeconds"] = "99" }
        );

        foreach (var variable in new[] { "MAIL__HTTP__URL", "MAIL__SIGNING__SECRET", "MAIL__HTTP__TIMEOUTSECONDS" })
            Assert.Contains("Set GATEHOUSE__" + variable, errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "http://ranges.example.com/")]
    [InlineData(true, "ftp://ranges.example.com/")]
    [InlineData(true, "https://me:secret@ranges.example.com/")]
    [InlineData(true, "https://ranges.example.com/?key=1")]
    public void What_passwords_are_looked_up_at_speaks_https(bool development, string address)
    {
        var errors = ValidationErrors(
            development,
            new(development ? Complete : Production, StringComparer.Ordinal) { ["Passwords:BreachService"] = address }
        );

        Assert.Contains("GATEHOUSE__PASSWORDS__BREACHSERVICE", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Database:ConnectionString", "Hosst=db.example.com;Database=gatehouse;Password=geheim")]
    [InlineData("Database:ConnectionString", "postgres://gatehouse:geheim@db.example.com/gatehouse")]
    [InlineData("Database:ConnectionString", "geheim")]
    [InlineData("Database:ConnectionString", "Database=gatehouse;Password=geheim")]
    [InlineData("Database:ConnectionString", "Host=db.example.com;Password=geheim")]
    [InlineData("Database:ConnectionString", "Host=db.example.com;Database=gatehouse;Password=geheim;Port=geheim")]
    [InlineData("Database:ConnectionString", "Host=db.example.com;Database=gatehouse;Password=geheim;Minimum Pool Size=400")]
    [InlineData("Database:ConnectionString", "Host=db.example.com;Database=gatehouse;Password=geheim;Port=70000")]
    [InlineData("Database:ConnectionString", "Host=db.example.com;Database=gatehouse;Password=geheim;Port=0")]
    [InlineData("Database:ConnectionString", "Host=db.example.com:70000;Database=gatehouse;Password=geheim")]
    [InlineData("Database:ConnectionString", "Host=a.example.com,b.example.com:0;Database=gatehouse;Password=geheim")]
    [InlineData("Database:ConnectionString", "Host=db.example.com:geheim;Database=gatehouse")]
    [InlineData("Database:ConnectionString", "Host=db.example.com;Database=gatehouse;Password=geheim;Multiplexing=true")]
    [InlineData("Database:ConnectionString", "Host=db.example.com;Database=gatehouse;Password=geheim;Encoding=nonsense")]
    [InlineData("Database:ConnectionString", "Host=db.example.com;Database=gatehouse;Password=geheim;Read Buffer Size=1")]
    [InlineData("Database:ConnectionString", "Host=db.example.com;Database=gatehouse;Password=geheim;Socket Send Buffer Size=-1")]
    [InlineData("Database:KeysConnectionString", "Host=db.example.com;Database=keys;Password=geheim;Port=70000")]
    [InlineData("Database:KeysConnectionString", "Host=db.example.com;Database=keys;Password='geheim")]
    [InlineData("Database:KeysConnectionString", "Host=;Database=keys;Password=geheim")]
    [InlineData("Keys:Master", "first:geheim")]
    [InlineData("Keys:Master", "geheim")]
    [InlineData("Http:PublicUrl", "https://me:geheim@accounts.example.com")]
    [InlineData("Http:PublicUrl", "me:geheim@accounts.example.com")]
    [InlineData("Http:PublicUrl", "//me:geheim@accounts.example.com")]
    [InlineData("Http:PublicUrl", "https://accounts.example.com/?key=geheim")]
    [InlineData("Http:PublicUrl", "https://accounts.example.com/#geheim")]
    [InlineData("Passwords:BreachService", "ftp://me:geheim@ranges.example.com/")]
    [InlineData("Mail:SendGrid:ApiUrl", "ftp://me:geheim@sendgrid.example.com/")]
    [InlineData("Telemetry:OtlpEndpoint", "ftp://me:geheim@collector.example.com/")]
    [InlineData("Http:Address", "http://me:geheim@localhost")]
    [InlineData("Http:PublicUrl", "Host=db;Password=geheim")]
    [InlineData("Http:DrainSeconds", "Host=db;Password=geheim")]
    [InlineData("Http:Address", "Host=db;Password=geheim")]
    [InlineData("Split:Address", "geheim@db")]
    public void A_secret_that_cannot_be_used_is_named_and_never_told(string name, string value)
    {
        var settings = new Dictionary<string, string?>(Production, StringComparer.Ordinal) { [name] = value, ["Http:Port"] = "99999" };
        if (name.Contains("SendGrid", StringComparison.Ordinal))
            settings["Mail:Sender"] = "sendgrid";
        var errors = ValidationErrors(development: false, settings);

        Assert.Contains($"Gatehouse:{name} ", errors, StringComparison.Ordinal);
        Assert.Contains(
            $"Set GATEHOUSE__{name.Replace(":", "__", StringComparison.Ordinal).ToUpperInvariant()}.",
            errors,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("geheim", errors, StringComparison.Ordinal);
        Assert.Contains("Gatehouse:Http:Port is \"99999\" but must be a whole number from 0 to 65535.", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host=db.example.com;Port=65535;Database=gatehouse")]
    [InlineData("Host=/var/run/postgresql;Database=gatehouse")]
    [InlineData("Host=::1;Database=gatehouse")]
    [InlineData("Host=[::1]:5433;Database=gatehouse")]
    [InlineData("Host=a.example.com:5433,b.example.com;Database=gatehouse")]
    public void A_connection_string_names_its_servers_in_every_usual_way(string connection) =>
        GatehouseHost
            .Build(
                new LaunchSettings(
                    Development: false,
                    "unused",
                    new Dictionary<string, string?>(Production, StringComparer.Ordinal)
                    {
                        ["Database:ConnectionString"] = connection,
                        ["Database:KeysConnectionString"] = connection,
                    }
                )
                {
                    OutputIsAnswer = true,
                },
                new Dictionary<string, string?>(StringComparer.Ordinal)
            )
            .Services.GetRequiredService<SettingsCatalog>();

    [Theory]
    [InlineData("https://accounts.example.com/people")]
    [InlineData("https://accounts.example.com/?")]
    [InlineData("https://accounts.example.com#")]
    public void The_public_address_has_neither_path_nor_query_nor_fragment(string address) =>
        Assert.Contains(
            "must be scheme, host and port only",
            ValidationErrors(development: false, new(Production, StringComparer.Ordinal) { ["Http:PublicUrl"] = address }),
            StringComparison.Ordinal
        );

    internal static Dictionary<string, string?> Complete =>
        TestApp.Settings("Host=127.0.0.1;Database=unused", "Host=127.0.0.1;Database=unused_keys");

    /// <summary>What production asks for, without a database.</summary>
    internal static Dictionary<string, string?> Production =>
        new(Complete, StringComparer.Ordinal)
        {
            ["Http:PublicUrl"] = "https://accounts.example.com",
            ["Mail:Sender"] = "smtp",
            ["Mail:From"] = "accounts@example.com",
            ["Mail:Smtp:Host"] = "mail.example.com",
        };

    private static Dictionary<string, string?> Mailer =>
        new(Production, StringComparer.Ordinal)
        {
            ["Mail:Sender"] = "http",
            ["Mail:Http:Url"] = "https://mailer.example.com/",
            ["Mail:Signing:Secret"] = "whsec_Z2VoZWltZ2VoZWltZ2VoZWltZ2VoZWlt",
        };

    private static void AssertMailerError(string name, string value, string words, Dictionary<string, string?> settings)
    {
        settings[name] = value;
        var errors = ValidationErrors(development: false, settings);

        Assert.StartsWith("1 setting is missing or invalid", errors, StringComparison.Ordinal);
        Assert.Contains(words, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", errors, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Z2VoZWlt", errors, StringComparison.Ordinal);
    }

    internal static string ValidationErrors(bool development, Dictionary<string, string?> settings) =>
        Assert
            .Throws<SettingsException>(() =>
                GatehouseHost.Build(
                    new LaunchSettings(development, "unused", settings),
                    new Dictionary<string, string?>(StringComparer.Ordinal)
                )
            )
            .Message;
}
