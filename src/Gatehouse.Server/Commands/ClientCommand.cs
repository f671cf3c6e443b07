using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using Gatehouse.Contracts.Tenants;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Core.Startup;
using Gatehouse.Core.Tenants;
using Gatehouse.OpenId.Clients;
using Gatehouse.OpenId.Data;
using Gatehouse.Organizations.Data;
using Gatehouse.Server.Hosting;
using Gatehouse.Server.Seeding;
using Gatehouse.Web;

namespace Gatehouse.Server.Commands;

/// <summary><c>gatehouse client</c>: service accounts managed by an operator, who may give them everything.</summary>
[SuppressMessage("ApiDesign", "RS0030", Justification = "Commands write to the terminal.")]
internal static class ClientCommand
{
    public static Command Create() =>
        new("client", "Manage clients: service accounts and applications that sign users in.")
        {
            CreateCreate(),
            CreateList(),
            CreateNewSecret(),
            CreateDisable(),
        };

    private static Command CreateCreate()
    {
        var command = new Command("create", "Create a client and print its client id and its secret, which is not shown again.");
        var name = new Option<string>("--name") { Description = "What people read.", Required = true };
        var scope = new Option<string[]>("--scope")
        {
            Description = "Permission that it holds for itself, such as users:read. Can be repeated.",
        };
        var organization = new Option<string?>("--organization")
        {
            Description = "Code of the organization it acts in. Default: the tenant.",
        };
        var platform = new Option<bool>("--platform") { Description = "Let it act in every tenant." };
        var days = new Option<int?>("--secret-days") { Description = "Days after which the secret expires: 1 to 730. Default: never." };
        var redirect = new Option<string[]>("--redirect-uri")
        {
            Description = "Lets it sign users in by OpenID Connect; where browsers may be sent with a code. Can be repeated.",
        };
        var logout = new Option<string[]>("--post-logout-redirect-uri")
        {
            Description = "Where browsers may be sent after sign-out. Can be repeated.",
        };
        var signIn = new Option<string[]>("--sign-in-scope")
        {
            Description = "What it may ask users for: openid, profile, email, phone, groups, offline_access. Default: the first three.",
        };
        var isPublic = new Option<bool>("--public") { Description = "It cannot keep a secret: a program on a device or in a browser." };
        var device = new Option<bool>("--device-code")
        {
            Description = "Lets it sign users in on a device without a browser, by a code that they type at /device.",
        };
        var trusted = new Option<bool>("--no-consent") { Description = "Users are not asked whether it may learn of them." };
        var resource = new Option<string[]>("--resource")
        {
            Description = "Service for which it may get access tokens by the parameter resource: an absolute URI. Can be repeated.",
        };
        foreach (
            var option in new Option[]
            {
                name,
                scope,
                organization,
                platform,
                days,
                redirect,
                logout,
                signIn,
                isPublic,
                device,
                trusted,
                resource,
            }
        )
            command.Options.Add(option);
        return Run(
            command,
            async (result, services, actor, stop) =>
            {
                var code = result.GetValue(organization);
                var home = code is null ? null : await OrganizationAsync(services, actor, code, stop);
                if (code is not null && home is null)
                    return await RejectAsync($"There is no organization {code}.");
                var request = new CreateClient.Request
                {
                    Name = result.GetValue(name),
                    Scopes = result.GetValue(scope),
                    OrganizationId = home?.ToString(),
                    Platform = result.GetValue(platform),
                    SecretDays = result.GetValue(days),
                    Resources = result.GetValue(resource),
                    SignIn =
                        result.GetValue(redirect) is not { Length: > 0 } && !result.GetValue(device)
                            ? null
                            : new SignInInput
                            {
                                Public = result.GetValue(isPublic),
                                DeviceCode = result.GetValue(device),
                                RedirectUris = result.GetValue(redirect),
                                PostLogoutRedirectUris = result.GetValue(logout),
                                Scopes = result.GetValue(signIn) is { Length: > 0 } scopes ? scopes : null,
                                RequireConsent = !result.GetValue(trusted),
                            },
                };
                var created = await services.GetRequiredService<CreateClient.Handler>().HandleAsync(Input.Of(request), actor, stop);
                if (created.Error is { } error)
                    return await RejectAsync(services, error);
                Console.WriteLine($"client_id={created.Value.Client.Row.ClientId}");
                if (created.Value.Secret is { } secret)
                    Console.WriteLine($"client_secret={secret.Secret.Text}");
                return 0;
            }
        );
    }

    private static Command CreateList() =>
        Run(
            new Command("list", "List the clients of a tenant: client id, state, name, scopes."),
            async (_, services, actor, stop) =>
            {
                var rows = await services.GetRequiredService<Database>().QueryAsync(db => ClientRow.ListAsync(db, actor.Tenant.Id), stop);
                foreach (var row in rows)
                    Console.WriteLine(
                        $"{row.ClientId}\t{(row.DisabledAt is null ? "active" : "disabled")}\t{row.Name}\t{string.Join(' ', row.Scopes)}"
                    );
                return 0;
            }
        );

    private static Command CreateNewSecret()
    {
        var command = new Command("new-secret", "Create a second secret and print it. At most two are live at a time.");
        var client = ClientArgument();
        var days = new Option<int?>("--days") { Description = "Days after which it expires: 1 to 730. Default: never." };
        command.Arguments.Add(client);
        command.Options.Add(days);
        return Run(
            command,
            async (result, services, actor, stop) =>
            {
                if (await FindAsync(services, actor, result.GetValue(client)!, stop) is not { } row)
                    return await RejectAsync(services, ClientErrors.NotFound);
                var request = new CreateSecret.Request { Days = result.GetValue(days) };
                var created = await services.GetRequiredService<CreateSecret.Handler>().HandleAsync(row.Id, Input.Of(request), actor, stop);
                if (created.Error is { } error)
                    return await RejectAsync(services, error);
                Console.WriteLine($"client_secret={created.Value.Secret.Text}");
                return 0;
            }
        );
    }

    private static Command CreateDisable()
    {
        var command = new Command("disable", "Disable a service account. Its tokens are rejected within a second.");
        var client = ClientArgument();
        var reason = new Option<string?>("--reason") { Description = "Why, for administrators." };
        command.Arguments.Add(client);
        command.Options.Add(reason);
        return Run(
            command,
            async (result, services, actor, stop) =>
            {
                if (await FindAsync(services, actor, result.GetValue(client)!, stop) is not { } row)
                    return await RejectAsync(services, ClientErrors.NotFound);
                var request = new SetClientState.Request { Reason = result.GetValue(reason) };
                var disabled = await services
                    .GetRequiredService<SetClientState.Handler>()
                    .DisableAsync(row.Id, Input.Of(request), actor, stop);
                return disabled.Error is { } error ? await RejectAsync(services, error) : 0;
            }
        );
    }

    private static Argument<string> ClientArgument() => new("client") { Description = "Its client id." };

    private static Command Run(Command command, Func<ParseResult, IServiceProvider, Actor, CancellationToken, Task<int>> run)
    {
        var tenant = new Option<string?>("--tenant") { Description = "Name of the tenant. Default: the first one." };
        command.Options.Add(tenant);
        var options = new CommonOptions();
        options.AddTo(command);
        command.SetAction(
            (result, cancellationToken) =>
                InstallationCommand.RunAsync(
                    options.Read(result),
                    async (services, stop) =>
                    {
                        await services.GetRequiredService<DatabaseInitializer>().RunAsync(stop);
                        var tenants = services.GetRequiredService<ITenantDirectory>();
                        var found = result.GetValue(tenant) is { } name
                            ? await tenants.FindByNameAsync(name, stop)
                            : await tenants.FindAsync(DefaultTenant.Id, stop);
                        if (found is null)
                            return await RejectAsync("There is no such tenant.");
                        return await run(result, services, await new SeedRun(services, found).OperatorAsync(stop), stop);
                    },
                    cancellationToken,
                    "openid"
                )
        );
        return command;
    }

    private static Task<ClientRow?> FindAsync(IServiceProvider services, Actor actor, string clientId, CancellationToken stop) =>
        services.GetRequiredService<Database>().QueryAsync(db => ClientRow.FindByClientIdAsync(db, actor.Tenant.Id, clientId), stop);

    private static async Task<Guid?> OrganizationAsync(IServiceProvider services, Actor actor, string code, CancellationToken stop) =>
        (
            await services.GetRequiredService<Database>().QueryAsync(db => OrganizationRow.FindByCodeAsync(db, actor.Tenant.Id, code), stop)
        )?.Id;

    private static Task<int> RejectAsync(IServiceProvider services, Error error)
    {
        var rejected = new SeedPlan(services.GetRequiredService<MessageCatalog>());
        rejected.Reject("client", error);
        return RejectAsync(string.Join('\n', rejected.Errors));
    }

    private static async Task<int> RejectAsync(string words)
    {
        await Console.Error.WriteLineAsync(words);
        return 1;
    }
}
