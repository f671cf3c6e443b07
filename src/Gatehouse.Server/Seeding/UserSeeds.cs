using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Identity.Accounts;
using Gatehouse.Identity.Administration;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Passwords;
using Gatehouse.Identity.Passwords.Foreign;
using Gatehouse.Identity.Values;
using Gatehouse.Organizations.Access;
using Gatehouse.Organizations.Data;
using Gatehouse.Organizations.Structure;
using Gatehouse.Web;

namespace Gatehouse.Server.Seeding;

/// <summary>Plans users by their address or number. One who exists keeps the own name, username, language and password, and gets what roles
/// and memberships are missing.</summary>
internal sealed class UserSeeds(
    Database database,
    BlindIndex blindIndex,
    PasswordRules passwords,
    SeedPlan plan,
    TenantContext tenant,
    CancellationToken cancellationToken
)
{
    private readonly HashSet<string> addresses = new(StringComparer.Ordinal);
    private readonly HashSet<string> usernames = new(StringComparer.Ordinal);

    public async Task PlanAsync()
    {
        foreach (var (path, wanted) in plan.Distinct($"{tenant.Path}.users", tenant.Wanted.Users, user => user.Email ?? user.PhoneNumber))
        {
            if (plan.Parse(path, errors => Parse(wanted, errors)) is not { } user)
                continue;
            if (!addresses.Add(user.Contact.Canonical))
            {
                plan.Reject(path, "It is given twice.");
                continue;
            }

            var stored = tenant.Stored is { } known
                ? await database.QueryAsync(db => user.Identifier.FindAsync(db, known.Id, blindIndex), cancellationToken)
                : null;
            if (stored is null)
                await PlanCreationAsync(path, user);
            await PlanRolesAsync(path, user, stored?.Id);
        }
    }

    private static ParsedUser? Parse(SeedUser wanted, ValidationErrors errors)
    {
        var contact = ContactInput.Parse(wanted.Email, wanted.PhoneNumber, region: null, errors);
        var name = PersonName.Parse(wanted.Name, "name", errors);
        var username = Username.ParseOptional(wanted.Username, "username", errors);
        if (wanted.Language is { } language && !Languages.All.Contains(language, StringComparer.Ordinal))
            errors.Add("language", ValidationCodes.UnknownValue, TextInput.Limits(("allowed", string.Join(", ", Languages.All))));
        ImportedHash.Parse(wanted.PasswordHash, wanted.PasswordFrom, errors);
        return errors.Any ? null : new ParsedUser(wanted, contact!, name!, username);
    }

    private async Task PlanCreationAsync(string path, ParsedUser user)
    {
        if (user.Username is { } username && !await IsFreeAsync(username))
            plan.Reject(path, AccountsErrors.UsernameTaken);
        var password = Password(path, user);
        plan.Add(
            path,
            $"+ user {user.Contact.Delivery}",
            async (run, stop) =>
            {
                var request = new CreateUser.Request
                {
                    Email = user.Wanted.Email,
                    PhoneNumber = user.Wanted.PhoneNumber,
                    Name = user.Wanted.Name,
                    Username = user.Wanted.Username,
                    Password = password,
                    PasswordHash = user.Wanted.PasswordHash,
                    SendEmail = user.Wanted.SendEmail ?? false,
                };
                var actor = await run.OperatorAsync(tenant.Name, stop, user.Wanted.Language ?? Languages.Default);
                return (await run.Get<CreateUser.Handler>().HandleAsync(Input.Of(request), actor, stop)).Error;
            }
        );
    }

    private async Task<bool> IsFreeAsync(Username username) =>
        usernames.Add(username.Key)
        && (
            tenant.Stored is not { } stored
            || !await database.QueryAsync(db => Usernames.IsTakenAsync(db, stored.Id, username), cancellationToken)
        );

    // Whether it stands in a breach is asked when the user is created.
    private string? Password(string path, ParsedUser user)
    {
        if (user.Wanted.PasswordFrom is not { } variable)
            return null;
        var place = path + ".passwordFrom";
        if (Environment.GetEnvironmentVariable(variable) is not { Length: > 0 } text)
        {
            plan.Reject(place, $"The environment variable {variable} is not set.");
            return null;
        }

        var service = tenant.Stored?.DisplayName ?? tenant.Wanted.DisplayName ?? tenant.Name;
        var context = new PasswordContext(service, user.Name, user.Username, user.Contact);
        plan.Parse(
            place,
            errors =>
            {
                if (PasswordInput.Parse(text, "", errors) is { } typed && passwords.Validate(typed, context, "") is { } error)
                    errors.Add("", error.Code, error.Values);
                return true;
            }
        );
        return text;
    }

    private async Task PlanRolesAsync(string path, ParsedUser user, Guid? stored)
    {
        var held = stored is { } id
            ? await database.QueryAsync(db => TenantSnapshot.RolesOfAsync(db, tenant.Stored!.Id, id), cancellationToken)
            : new HashSet<(Guid?, Guid?)>();
        PlanAssignments($"{path}.roles", user, user.Wanted.Roles, organization: null, held);
        var memberships = plan.Distinct($"{path}.memberships", user.Wanted.Memberships, membership => membership.Organization);
        foreach (var (place, membership) in memberships)
        {
            if (membership.Organization is not { } code || !tenant.HasOrganization(code))
            {
                plan.Reject($"{place}.organization", $"There is no organization {membership.Organization}.");
                continue;
            }

            if (tenant.Snapshot.Organizations.GetValueOrDefault(code)?.State == OrganizationRow.Inactive)
                plan.Reject($"{place}.organization", $"The organization {code} is inactive.");
            var home = tenant.OrganizationId(code);
            var isMember = home is not null && held.Any(h => h.Organization == home);
            if (!isMember && membership.Roles is null or [])
                PlanMembership(place, user, code);
            PlanAssignments($"{place}.roles", user, membership.Roles, code, held);
        }
    }

    private void PlanMembership(string place, ParsedUser user, string organization) =>
        plan.Add(
            place,
            $"+ membership of {user.Contact.Delivery} in {organization}",
            async (run, stop) =>
            {
                var home = await run.OrganizationAsync(tenant.Name, organization, stop);
                var member = await run.UserAsync(tenant.Name, user.Identifier, stop);
                var actor = await run.OperatorAsync(tenant.Name, stop);
                return (await run.Get<AddMember.Handler>().HandleAsync(home, member, actor, stop)).Error;
            }
        );

    private void PlanAssignments(
        string path,
        ParsedUser user,
        IReadOnlyList<string>? roles,
        string? organization,
        IReadOnlySet<(Guid? Role, Guid? Organization)> held
    )
    {
        var home = organization is null ? null : tenant.OrganizationId(organization);
        var where = organization is null ? "the whole tenant" : $"the organization {organization}";
        foreach (var (place, name) in plan.Distinct(path, roles, role => role))
        {
            if (tenant.FindRole(name, organization) is not { } role)
                plan.Reject(place, $"There is no role {name} for {where}.");
            else if (role.Id is null || (organization is not null && home is null) || !held.Contains((role.Id, home)))
                plan.Add(
                    place,
                    $"+ role {name} of {user.Contact.Delivery} in {where}",
                    async (run, stop) =>
                    {
                        var at = organization is null ? (Guid?)null : await run.OrganizationAsync(tenant.Name, organization, stop);
                        var assignment = new Assignment(
                            await run.UserAsync(tenant.Name, user.Identifier, stop),
                            await run.RoleAsync(tenant.Name, name, at, stop),
                            at
                        );
                        var actor = await run.OperatorAsync(tenant.Name, stop);
                        return (await run.Get<AssignRole.Handler>().HandleAsync(assignment, actor, stop)).Error;
                    }
                );
        }
    }

    private sealed record ParsedUser(SeedUser Wanted, IContact Contact, PersonName Name, Username? Username)
    {
        public Identifier Identifier => Identifier.Of(Contact);

        public override string ToString() => "[user]";
    }
}
