using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Gatehouse.Contracts.Access;
using Gatehouse.Contracts.Tenants;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Results;
using Gatehouse.Core.Startup;
using Gatehouse.Identity.Administration;
using Gatehouse.Organizations.Access;
using Gatehouse.Organizations.Data;
using Gatehouse.Server.Hosting;
using Gatehouse.Web;

namespace Gatehouse.Server.Commands;

/// <summary><c>gatehouse user</c>: users created by an operator.</summary>
[SuppressMessage("ApiDesign", "RS0030", Justification = "Commands write to the terminal.")]
internal static class UserCommand
{
    // More than any password may have: what is longer is rejected as such, and not read to its end.
    private const int MaxInput = 4096;

    public static Command Create() => new("user", "Manage users.") { CreateCreate() };

    private static Command CreateCreate()
    {
        var command = new Command(
            "create",
            "Create a user and print its id. The e-mail address or phone number counts as verified, and nothing is sent to it. "
                + "Without a password, the user sets one with a password reset."
        );
        var email = new Option<string?>("--email") { Description = "E-mail address of the user." };
        var phone = new Option<string?>("--phone")
        {
            Description = "Mobile number of the user, with + and the country code, instead of an e-mail address.",
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(email) is null == result.GetResult(phone) is null)
                result.AddError("Give either --email or --phone.");
        });
        var name = new Option<string>("--name") { Description = "Display name of the user.", Required = true };
        var username = new Option<string?>("--username") { Description = "Public name, can be used to sign in." };
        var language = new Option<string>("--language") { Description = "E-mail language.", DefaultValueFactory = _ => Languages.Default };
        AcceptOnly(language, Languages.All);
        var role = new Option<string?>("--role") { Description = "Built-in role of the user, such as platform-administrator." };
        AcceptOnly(role, [.. BuiltInRole.All.Where(r => r.Level != AccessLevel.Organization).Select(r => r.Name)]);
        var password = new Option<bool>("--password-stdin")
        {
            Description = "Read the password from standard input. A trailing line break is removed.",
        };
        var hash = new Option<bool>("--password-hash-stdin")
        {
            Description = "Read a password hash from another system (bcrypt, PBKDF2, scrypt, Argon2id) from standard input.",
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(password) && result.GetValue(hash))
                result.AddError("Give either --password-stdin or --password-hash-stdin.");
        });
        foreach (var option in new Option[] { email, phone, name, username, language, role, password, hash })
            command.Options.Add(option);
        var options = new CommonOptions();
        options.AddTo(command);

        command.SetAction(
            (result, cancellationToken) =>
                InstallationCommand.RunAsync(
                    options.Read(result),
                    async (services, stop) =>
                    {
                        var typed = result.GetValue(password) || result.GetValue(hash) ? await ReadPasswordAsync(stop) : null;
                        var request = new CreateUser.Request
                        {
                            Email = result.GetValue(email),
                            PhoneNumber = result.GetValue(phone),
                            Name = result.GetValue(name),
                            Username = result.GetValue(username),
                            Password = result.GetValue(hash) ? null : typed,
                            PasswordHash = result.GetValue(hash) ? typed : null,
                            SendEmail = false,
                        };
                        return await CreateUserAsync(services, request, result.GetValue(language)!, result.GetValue(role), stop);
                    },
                    cancellationToken,
                    "identity"
                )
        );
        return command;
    }

    // The library's own check prints the whole help with its error.
    private static void AcceptOnly(Option option, IReadOnlyList<string> values)
    {
        option.CompletionSources.Add([.. values]);
        option.Validators.Add(result =>
        {
            if (result.Tokens.Any(t => !values.Contains(t.Value, StringComparer.Ordinal)))
                result.AddError($"{option.Name} must be one of {string.Join(", ", values)}.");
        });
    }

    private static async Task<int> CreateUserAsync(
        IServiceProvider services,
        CreateUser.Request request,
        string language,
        string? role,
        CancellationToken cancellationToken
    )
    {
        await services.GetRequiredService<DatabaseInitializer>().RunAsync(cancellationToken);
        var tenant =
            await services.GetRequiredService<ITenantDirectory>().FindOnlyAsync(cancellationToken)
            ?? throw new InvalidOperationException("This command supports single-tenant installations only.");
        var operators = Actor.Operator(tenant, language);

        var outcome = await services.GetRequiredService<CreateUser.Handler>().HandleAsync(Input.Of(request), operators, cancellationToken);
        if (outcome.Error is { } error)
        {
            await Console.Error.WriteLineAsync(Words(error, services.GetRequiredService<MessageCatalog>()));
            return 1;
        }

        if (role is not null)
        {
            var assigned = await services
                .GetRequiredService<AssignRole.Handler>()
                .ByOperatorAsync(outcome.Value.Id, BuiltInRole.All.First(r => r.Name == role), operators, cancellationToken);
            if (assigned.Error is { } notAssigned)
                throw new InvalidOperationException($"User {outcome.Value.Id} was created without the role: {notAssigned.Code}.");
        }

        Console.WriteLine(outcome.Value.Id);
        return 0;
    }

    private static string Words(Error error, MessageCatalog texts) =>
        error.Errors.Count == 0
            ? $"The user was not created: {texts.Text(error.Code, Languages.Default, error.Facts)}"
            : error.Errors.Aggregate(
                new StringBuilder("The user was not created:"),
                (words, error) =>
                    words
                        .Append('\n')
                        .Append("  ")
                        .Append(error.Field)
                        .Append(": ")
                        .Append(texts.Text(error.Code, Languages.Default, error.Values)),
                words => words.ToString()
            );

    /// <exception cref="InvalidDataException">It is no text.</exception>
    private static async Task<string> ReadPasswordAsync(CancellationToken cancellationToken)
    {
        await using var input = Console.OpenStandardInput();
        var bytes = new byte[MaxInput];
        var length = await input.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
        try
        {
            var chars = new char[length];
            var decoder = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetDecoder();
            var text = new string(chars, 0, decoder.GetChars(bytes.AsSpan(0, length), chars, flush: length < bytes.Length));
            return text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2]
                : text.EndsWith('\n') ? text[..^1]
                : text;
        }
        catch (DecoderFallbackException e)
        {
            throw new InvalidDataException("The password on standard input is not valid UTF-8.", e);
        }
    }
}
